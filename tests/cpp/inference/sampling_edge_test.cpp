#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "support/expect_error.h"
#include "unroll/inference/sampling.h"

/// Sampling where numbers end: temperatures that a float cannot hold, logits that are none.
namespace unroll::testing::sampling_edge_test {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Every way to choose.
const SamplingConfig kWays[] = {{},
                                {.greedy = true},
                                {.temperature = 0.5},
                                {.temperature = 1e-45},
                                {.temperature = 100.0},
                                {.top_k = 2},
                                {.top_p = 0.5},
                                {.top_p = 5e-324},
                                {.temperature = 1e-40, .top_k = 3, .top_p = 0.9}};

std::vector<float> padded_logits(std::vector<float> logits) {
  logits.resize(static_cast<std::size_t>(padded(static_cast<Index>(logits.size()))));
  return logits;
}

/// Draws some tokens; each must be one of those that may come.
void expect_choices(const SamplingConfig& config, const std::vector<float>& logits) {
  const std::vector<float> room = padded_logits(logits);
  const auto size = static_cast<Index>(logits.size());
  Sampler sampler(config);
  const std::vector<float> p = sampler.distribution(room.data(), size);
  EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1.0, 1e-6);
  for (std::size_t j = 0; j < p.size(); ++j) {
    EXPECT_GE(p[j], 0.0f);
    if (j >= logits.size() || std::isinf(logits[j])) {
      EXPECT_EQ(p[j], 0.0f) << j;
    }
  }
  Rng rng(3, Rng::Purpose::kSampling);
  for (int i = 0; i < 50; ++i) {
    const auto [token, log_prob] = sampler.choose(room.data(), size, rng);
    ASSERT_TRUE(token >= 0 && token < size) << token;
    EXPECT_GT(p[static_cast<std::size_t>(token)], 0.0f);
    EXPECT_TRUE(std::isfinite(log_prob));
  }
}

TEST(SamplingAtTheEdge, IsADistributionForEveryFiniteLogit) {
  const std::vector<float> rows[] = {
      {0.0f},
      {-3e38f},
      {1.0f, 2.0f, 3.0f},
      {FLT_MAX, -FLT_MAX, 0.0f, FLT_MAX},
      {-FLT_MAX, -FLT_MAX, -FLT_MAX},
      {FLT_TRUE_MIN, 0.0f, -FLT_TRUE_MIN, FLT_MIN},
      {1e38f, 1e38f, 1e38f, 1e38f, 1e38f, 1e38f, 1e38f, 1e38f, 1e38f},
  };
  for (const SamplingConfig& way : kWays) {
    for (const std::vector<float>& row : rows) expect_choices(way, row);
  }
}

TEST(SamplingAtTheEdge, NeverChoosesWhatIsMinusInfinity) {
  for (const SamplingConfig& way : kWays) {
    expect_choices(way, {-kInfinity, 1.0f, -kInfinity, 0.5f, -FLT_MAX});
    expect_choices(way, {-kInfinity, -kInfinity, -kInfinity, -kInfinity, -2.0f, -kInfinity});
  }
}

TEST(SamplingAtTheEdge, RefusesLogitsThatAreNone) {
  for (const SamplingConfig& way : kWays) {
    // In whole vectors and behind them, first and last.
    for (std::size_t size : {1u, 4u, 9u, 11u}) {
      for (std::size_t at = 0; at < size; ++at) {
        for (float bad : {kNan, -kNan, kInfinity}) {
          std::vector<float> logits(size, 0.5f);
          logits[at] = bad;
          const std::vector<float> room = padded_logits(logits);
          const auto refuses = [&](auto&& call) { expect_error(ErrorCode::kNotFinite, "a logit is ", call); };
          refuses([&] { Sampler(way).distribution(room.data(), static_cast<Index>(size)); });
          Rng rng(1, Rng::Purpose::kSampling);
          refuses([&] { Sampler(way).choose(room.data(), static_cast<Index>(size), rng); });
          refuses([&] { argmax(room.data(), static_cast<Index>(size)); });
        }
      }
    }
    const std::vector<float> none(8, -kInfinity);
    expect_error(ErrorCode::kNotFinite, "every logit is -inf",
                 [&] { Sampler(way).distribution(none.data(), 5); });
  }
}

TEST(SamplingAtTheEdge, IgnoresWhatStandsInThePadding) {
  std::vector<float> logits(8, kNan);
  logits[0] = 1.0f;
  logits[1] = 2.0f;
  EXPECT_EQ(argmax(logits.data(), 2), 1);
  EXPECT_EQ(Sampler({.greedy = true}).distribution(logits.data(), 2)[1], 1.0f);
}

/// The temperature is that of a float: what rounds to zero there is refused, what does not is a temperature.
TEST(SamplingAtTheEdge, TheTemperatureIsAFloat) {
  for (double bad : {1e-46, 7e-46, 1e-300, DBL_TRUE_MIN, -1e-46, 0.0, -0.0, 1e39, 1e300, HUGE_VAL,
                     std::numeric_limits<double>::quiet_NaN()}) {
    expect_error(ErrorCode::kInvalidArgument, "temperature is ", [&] { Sampler({.temperature = bad}); });
  }
  for (double good : {1e-45, 1.1754943508222875e-38, 1e-40, 1e-6, 100.0}) {
    const std::vector<float> logits = padded_logits({0.0f, 2.0f, 1.0f});
    const std::vector<float> p = Sampler({.temperature = good}).distribution(logits.data(), 3);
    if (good < 1e-3) {
      EXPECT_EQ(p[1], 1.0f) << good;
    }
  }
}

}  // namespace
}  // namespace unroll::testing::sampling_edge_test
