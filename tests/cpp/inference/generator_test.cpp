#include "unroll/inference/generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/expect_error.h"
#include "support/random.h"

namespace unroll::testing::generator_test {
namespace {

constexpr Index kV = 11;

std::shared_ptr<LanguageModel<float>> a_model() {
  return std::make_shared<LanguageModel<float>>(
      ModelConfig{.network = {.cell = CellKind::kGru, .hidden_size = 13, .num_layers = 2},
                  .vocab_size = kV,
                  .embedding_dim = 4});
}

/// Each token is chosen from the distribution after reading all before it from a zero state.
TEST(Generator, ReadsThePromptAndItsOwnWords) {
  const auto model = a_model();
  for (Index prompt_size : {1, 2, 256, 257, 258, 600}) {
    std::vector<TokenId> text = Random(1).tokens(prompt_size, kV);
    Generator generator(model, text, {.greedy = true}, 1);
    for (int i = 0; i < 3; ++i) {
      const Generator::Choice choice = generator.next();
      StackState<float> state;
      model->make_state(1, state);
      const auto size = static_cast<Index>(text.size());
      const float* logits = model->forward(text.data(), size, 1, state) + (size - 1) * padded(kV);
      EXPECT_EQ(choice.token, argmax(logits, kV));
      double sum = 0.0;
      for (Index j = 0; j < kV; ++j) sum += std::exp(static_cast<double>(logits[j] - logits[choice.token]));
      EXPECT_NEAR(choice.log_prob, -std::log(sum), 1e-6);
      text.push_back(choice.token);
    }
  }
}

TEST(Generator, FollowsItsSeed) {
  const auto model = a_model();
  const TokenId prompt[] = {3};
  const auto write = [&](std::uint64_t seed) {
    Generator generator(model, prompt, {.temperature = 1.5}, seed);
    std::vector<TokenId> text;
    for (int i = 0; i < 30; ++i) text.push_back(generator.next().token);
    return text;
  };
  EXPECT_EQ(write(1), write(1));
  EXPECT_NE(write(1), write(2));
}

TEST(Generator, IsNotDisturbedByAnotherOneOfTheSameModel) {
  const auto model = a_model();
  const TokenId prompt[] = {3};
  Generator alone(model, prompt, {}, 1);
  std::vector<TokenId> expected, text;
  for (int i = 0; i < 20; ++i) expected.push_back(alone.next().token);
  Generator a(model, prompt, {}, 1), b(model, prompt, {}, 2);
  for (int i = 0; i < 20; ++i) {
    text.push_back(a.next().token);
    b.next();
  }
  EXPECT_EQ(text, expected);
}

/// The log-probability is the model's own, whatever the sampling cuts off.
TEST(Generator, TellsTheModelsOwnProbability) {
  const auto model = a_model();
  const TokenId prompt[] = {3};
  const Generator::Choice free = Generator(model, prompt, {.greedy = true}, 1).next();
  const Generator::Choice cut = Generator(model, prompt, {.temperature = 0.1, .top_k = 1}, 1).next();
  EXPECT_EQ(free.token, cut.token);
  EXPECT_EQ(free.log_prob, cut.log_prob);
  EXPECT_LT(cut.log_prob, 0.0f);
}

/// Behind the first string that comes, wherever the pieces end.
TEST(Generator, StopsBehindAString) {
  const auto model = a_model();
  const TokenId prompt[] = {3};
  const std::vector<TokenId> free = Generator(model, prompt, {}, 1).write(60).tokens;
  ASSERT_EQ(free.size(), 60u);
  const std::vector<TokenId> stop(free.begin() + 20, free.begin() + 24);
  for (Index piece : {1, 3, 5, 60}) {
    Generator generator(model, prompt, {}, 1, Precision::kFloat32, StopStrings({{free[40], 99}, stop}));
    std::vector<TokenId> text;
    WrittenText written;
    for (int pieces = 0; !written.stopped && pieces < 60; ++pieces) {
      written = generator.write(piece);
      EXPECT_EQ(written.tokens.size(), written.log_probs.size());
      text.insert(text.end(), written.tokens.begin(), written.tokens.end());
    }
    const auto end = std::search(free.begin(), free.end(), stop.begin(), stop.end()) + 4;
    EXPECT_EQ(text, std::vector<TokenId>(free.begin(), end)) << piece;
    EXPECT_TRUE(generator.write(5).tokens.empty());
    EXPECT_TRUE(generator.write(5).stopped);
  }
}

TEST(Generator, WritesAsManyAsItIsToldWithinBounds) {
  const auto model = a_model();
  const TokenId prompt[] = {3};
  Generator generator(model, prompt, {}, 1);
  EXPECT_TRUE(generator.write(0).tokens.empty());
  EXPECT_EQ(generator.write(4).tokens.size(), 4u);
  EXPECT_FALSE(generator.write(4).stopped);
  for (Index bad : {Index{-1}, kMaxWritten + 1}) {
    expect_error(ErrorCode::kInvalidArgument, "expected 0 to 1000000", [&] { generator.write(bad); });
  }
}

TEST(Generator, NeedsAPrompt) {
  expect_error(ErrorCode::kInvalidArgument, "prompt is empty", [] { Generator(a_model(), {}, {}, 1); });
}

}  // namespace
}  // namespace unroll::testing::generator_test
