#include "unroll/inference/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "support/expect_error.h"
#include "support/random.h"

namespace unroll::testing::sampling_test {
namespace {

/// Room for V logits with their padding.
std::vector<float> padded_logits(std::vector<float> logits) {
  logits.resize(static_cast<std::size_t>(padded(static_cast<Index>(logits.size()))));
  return logits;
}

std::vector<float> distribution(const SamplingConfig& config, const std::vector<float>& logits) {
  Sampler sampler(config);
  std::vector<float> p =
      sampler.distribution(padded_logits(logits).data(), static_cast<Index>(logits.size()));
  p.resize(logits.size());
  return p;
}

TEST(Sampler, IsASoftmaxAtTheTemperature) {
  const std::vector<float> logits = {1.0f, -2.0f, 0.5f, 3.0f, 0.0f};
  for (double temperature : {0.25, 1.0, 2.5}) {
    const std::vector<float> p = distribution({.temperature = temperature}, logits);
    double sum = 0.0;
    for (float logit : logits) sum += std::exp(static_cast<double>(logit) / temperature);
    for (std::size_t j = 0; j < logits.size(); ++j) {
      EXPECT_NEAR(p[j], std::exp(static_cast<double>(logits[j]) / temperature) / sum, 3e-7);
    }
  }
}

TEST(Sampler, BecomesTheArgmaxAsTheTemperatureFalls) {
  const std::vector<float> logits = {1.0f, 1.01f, -3.0f};
  const std::vector<float> p = distribution({.temperature = 1e-6}, logits);
  EXPECT_NEAR(p[1], 1.0f, 1e-6f);
  EXPECT_EQ(distribution({.greedy = true}, logits), (std::vector<float>{0.0f, 1.0f, 0.0f}));
}

TEST(Sampler, DoesNotSeeAShiftOfAllLogits) {
  const std::vector<float> a = {1.0f, -2.0f, 0.5f, 3.0f};
  std::vector<float> b = a;
  for (float& x : b) x += 4096.0f;
  EXPECT_EQ(distribution({.temperature = 0.7}, a), distribution({.temperature = 0.7}, b));
}

TEST(Sampler, KeepsTheTopKInTheirProportions) {
  const std::vector<float> logits = {0.0f, 2.0f, 1.0f, 2.0f, -1.0f};
  const std::vector<float> all = distribution({}, logits);
  for (Index k : {1, 2, 3, 4, 5, 100}) {
    const std::vector<float> p = distribution({.top_k = k}, logits);
    float sum = 0.0f;
    Index kept = 0;
    for (float x : p) {
      sum += x;
      kept += x > 0.0f ? 1 : 0;
    }
    EXPECT_EQ(kept, std::min<Index>(k, 5));
    EXPECT_NEAR(sum, 1.0f, 1e-6f);
    if (k >= 3) {
      EXPECT_NEAR(p[1] / p[2], all[1] / all[2], 1e-5f);
    }
  }
  EXPECT_EQ(distribution({.top_k = 1}, logits)[1], 1.0f) << "among equals the smaller token comes first";
  EXPECT_EQ(distribution({.top_k = 0}, logits), all);
}

TEST(Sampler, KeepsTheNucleus) {
  // Probabilities 0.5, 0.25, 0.125, 0.125.
  const float ln2 = std::log(2.0f);
  const std::vector<float> logits = {-3.0f * ln2, -ln2, -2.0f * ln2, -3.0f * ln2};
  const auto kept = [&](double top_p) {
    Index count = 0;
    for (float p : distribution({.top_p = top_p}, logits)) count += p > 0.0f ? 1 : 0;
    return count;
  };
  EXPECT_EQ(kept(1e-9), 1) << "the most likely one always stays";
  EXPECT_EQ(kept(0.49), 1);
  EXPECT_EQ(kept(0.51), 2);
  EXPECT_EQ(kept(0.74), 2);
  EXPECT_EQ(kept(0.76), 3);
  EXPECT_EQ(kept(0.88), 4);
  EXPECT_EQ(kept(1.0), 4);
  const std::vector<float> p = distribution({.top_p = 0.6}, logits);
  EXPECT_NEAR(p[1], 2.0f / 3.0f, 1e-6f);
  EXPECT_NEAR(p[2], 1.0f / 3.0f, 1e-6f);
}

TEST(Sampler, TakesTheNucleusOfTheTopK) {
  // Of the two most likely, 0.5 and 0.25, the first alone has two thirds.
  const float ln2 = std::log(2.0f);
  const std::vector<float> logits = {-ln2, -2.0f * ln2, -3.0f * ln2, -3.0f * ln2};
  EXPECT_EQ(distribution({.top_k = 2, .top_p = 0.6}, logits)[0], 1.0f);
  EXPECT_LT(distribution({.top_k = 2, .top_p = 0.7}, logits)[0], 1.0f);
}

/// 50 symbols, so 49 degrees of freedom: 121 is passed by chance once in 10 million.
TEST(Sampler, DrawsEachTokenAsOftenAsItsProbability) {
  Random random(3);
  const Array<float> drawn = random.array<float>(1, 50, -2.0, 2.0);
  const std::vector<float> logits(drawn.begin(), drawn.end());
  const std::vector<float> room = padded_logits(logits);
  const std::vector<float> p = distribution({.temperature = 0.8}, logits);
  Sampler sampler({.temperature = 0.8});
  Rng rng(1, Rng::Purpose::kSampling);
  constexpr int kCount = 200'000;
  std::vector<double> counts(50);
  for (int i = 0; i < kCount; ++i)
    counts[static_cast<std::size_t>(sampler.choose(room.data(), 50, rng).token)] += 1.0;
  double chi_square = 0.0;
  for (std::size_t j = 0; j < 50; ++j) {
    const double expected = kCount * static_cast<double>(p[j]);
    chi_square += (counts[j] - expected) * (counts[j] - expected) / expected;
  }
  EXPECT_LT(chi_square, 121.0);
}

TEST(Sampler, NeverDrawsATokenOfProbabilityZero) {
  const std::vector<float> logits = padded_logits({0.0f, 5.0f, 4.0f, 0.0f, 3.0f, 0.0f});
  Sampler sampler({.top_k = 3});
  Rng rng(1, Rng::Purpose::kSampling);
  for (int i = 0; i < 10'000; ++i) {
    const TokenId token = sampler.choose(logits.data(), 6, rng).token;
    EXPECT_TRUE(token == 1 || token == 2 || token == 4) << token;
  }
}

TEST(Sampler, TakesOneNumberForADrawAndNoneWhenGreedy) {
  const std::vector<float> logits = padded_logits({0.0f, 1.0f, 2.0f});
  Rng rng(1, Rng::Purpose::kSampling), twin(1, Rng::Purpose::kSampling);
  Sampler({}).choose(logits.data(), 3, rng);
  twin.next();
  EXPECT_EQ(rng.state(), twin.state());
  Sampler({.greedy = true}).choose(logits.data(), 3, rng);
  EXPECT_EQ(rng.state(), twin.state());
}

/// ln p of what was chosen, of the model itself: the same bits however it is drawn.
TEST(Sampler, TellsTheModelsOwnProbability) {
  const std::vector<float> logits = padded_logits({0.5f, 1.0f, 2.0f, -3.0f, 0.25f});
  std::vector<float> room(8);
  const SoftmaxRow row = softmax(5, logits.data(), 1.0f, room.data());
  for (const SamplingConfig& config :
       {SamplingConfig{}, SamplingConfig{.top_k = 2}, SamplingConfig{.top_p = 0.5},
        SamplingConfig{.greedy = true}, SamplingConfig{.temperature = 0.5},
        SamplingConfig{.temperature = 3.0, .top_k = 4}}) {
    Sampler sampler(config);
    Rng rng(7, Rng::Purpose::kSampling);
    for (int i = 0; i < 20; ++i) {
      const auto [token, log_prob] = sampler.choose(logits.data(), 5, rng);
      const double logit = static_cast<double>(logits[static_cast<std::size_t>(token)]);
      EXPECT_EQ(log_prob, static_cast<float>(logit - row.max - row.log_sum));
      EXPECT_NEAR(std::exp(log_prob), room[static_cast<std::size_t>(token)], 1e-6);
    }
  }
}

TEST(Argmax, IsTheFirstOfTheLargest) {
  const float logits[] = {1.0f, 7.0f, -2.0f, 7.0f};
  EXPECT_EQ(argmax(logits, 4), 1);
}

TEST(SamplingConfig, RefusesEachFieldOutOfRangeByName) {
  const auto refuses = [](const std::string& field, const SamplingConfig& config) {
    expect_error(ErrorCode::kInvalidArgument, field + " is ", [&] { validate(config); });
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (double bad : {0.0, -1.0, 101.0, nan}) refuses("temperature", {.temperature = bad});
  refuses("top_k", {.top_k = -1});
  for (double bad : {0.0, -0.5, 1.5, nan}) refuses("top_p", {.top_p = bad});
}

}  // namespace
}  // namespace unroll::testing::sampling_test
