#include "unroll/text/ngram_baseline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/expect_error.h"
#include "unroll/core/rng.h"

namespace unroll::testing::ngram_baseline_test {
namespace {

using testing::expect_error;
using Tokens = std::vector<TokenId>;

// Sums of a few logarithms of numbers near 1: a few units in the last place.
constexpr double kTolerance = 1e-14;

// "abab": a is 0, b is 1, and there is a c, 2, that never comes.
const Tokens kAbab = {0, 1, 0, 1};

TEST(NgramModel, OrderZeroIsTheUniformGuess) {
  const NgramModel model(kAbab, 3, 0);
  EXPECT_DOUBLE_EQ(model.probability({}, 2), 1.0 / 3);
  EXPECT_NEAR(model.loss_nats(Tokens{2, 0}), std::log(3.0), kTolerance);
  EXPECT_NEAR(NgramModel({}, 65, 0).loss_nats(Tokens{1}), 4.174387269895637, kTolerance);
}

TEST(NgramModel, OrderOneCountsTokens) {
  // a and b came twice of four times: (2 + 0.1) / (4 + 0.3), c (0 + 0.1) / (4 + 0.3).
  const NgramModel model(kAbab, 3, 1);
  EXPECT_DOUBLE_EQ(model.probability({}, 0), 2.1 / 4.3);
  EXPECT_DOUBLE_EQ(model.probability({}, 2), 0.1 / 4.3);
  EXPECT_NEAR(model.loss_nats(Tokens{0, 2}), -(std::log(2.1 / 4.3) + std::log(0.1 / 4.3)) / 2, kTolerance);
}

TEST(NgramModel, OrderTwoCountsPairs) {
  // After a: b, b. After b: a once; the last b has no successor and is no context.
  const NgramModel model(kAbab, 3, 2);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{0}, 1), 2.1 / 2.3);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{1}, 0), 1.1 / 1.3);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{1}, 1), 0.1 / 1.3);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{2}, 0), 1.0 / 3) << "an unseen context knows nothing";
  EXPECT_DOUBLE_EQ(model.probability(Tokens{1, 1, 0}, 1), 2.1 / 2.3) << "only the last token counts";
  // b after a, then a after b; the first token has nothing before it and is not judged.
  EXPECT_NEAR(model.loss_nats(Tokens{0, 1, 0}), -(std::log(2.1 / 2.3) + std::log(1.1 / 1.3)) / 2, kTolerance);
}

TEST(NgramModel, OrderThreeCountsTriples) {
  const NgramModel model(Tokens{0, 1, 2, 0, 1, 0}, 3, 3);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{0, 1}, 2), 1.1 / 2.3);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{0, 1}, 0), 1.1 / 2.3);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{1, 2}, 0), 1.1 / 1.3);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{2, 1}, 0), 1.0 / 3) << "order within the context matters";
}

TEST(NgramModel, ProbabilitiesSumToOneAfterAnyContext) {
  Rng rng(1, Rng::Purpose::kTask);
  for (int order = 0; order <= kMaxNgramOrder; ++order) {
    const Index size = 4;
    Tokens tokens(60);
    for (TokenId& id : tokens) id = static_cast<TokenId>(rng.below(4));
    const NgramModel model(tokens, size, order);
    for (int i = 0; i < 50; ++i) {
      Tokens context(3);
      for (TokenId& id : context) id = static_cast<TokenId>(rng.below(4));
      double sum = 0;
      for (TokenId next = 0; next < size; ++next) sum += model.probability(context, next);
      EXPECT_NEAR(sum, 1, kTolerance);
    }
  }
}

TEST(NgramModel, LossIsTheMeanOverWhatCanBeJudged) {
  Rng rng(2, Rng::Purpose::kTask);
  Tokens tokens(300);
  for (TokenId& id : tokens) id = static_cast<TokenId>(rng.below(5));
  const std::span<const TokenId> all(tokens);
  for (int order = 1; order <= kMaxNgramOrder; ++order) {
    const NgramModel model(all.first(200), 5, order);
    const std::span<const TokenId> judged = all.last(100);
    const auto needed = static_cast<std::size_t>(order - 1);
    double sum = 0;
    for (std::size_t i = needed; i < judged.size(); ++i) {
      sum -= std::log(model.probability(judged.first(i), judged[i]));
    }
    EXPECT_NEAR(model.loss_nats(judged), sum / static_cast<double>(judged.size() - needed), 1e-12);
  }
}

TEST(NgramModel, HigherOrdersLearnAPatternThatNeedsThem) {
  // aabb aabb: the last token alone does not say what follows, the last two do.
  Tokens tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(tokens.end(), {0, 0, 1, 1});
  EXPECT_NEAR(NgramModel(tokens, 2, 1).loss_nats(tokens), std::log(2.0), 1e-2);
  EXPECT_NEAR(NgramModel(tokens, 2, 2).loss_nats(tokens), std::log(2.0), 1e-2);
  EXPECT_LT(NgramModel(tokens, 2, 3).loss_nats(tokens), 0.01);
  EXPECT_LT(NgramModel(tokens, 2, 4).loss_nats(tokens), 0.01);
}

TEST(NgramModel, OneSymbolIsCertain) {
  for (int order = 0; order <= kMaxNgramOrder; ++order) {
    EXPECT_EQ(NgramModel(Tokens(9, 0), 1, order).loss_nats(Tokens(9, 0)), 0);
  }
}

TEST(NgramModel, KeepsContextsOfTheLargestVocabularyApart) {
  const NgramModel model(Tokens{4095, 0, 4095, 7}, 4096, 4);
  EXPECT_DOUBLE_EQ(model.probability(Tokens{4095, 0, 4095}, 7), 1.1 / (1 + 409.6));
  EXPECT_DOUBLE_EQ(model.probability(Tokens{4094, 4095, 4095}, 7), 1.0 / 4096);
}

TEST(NgramModel, RefusesWhatItCannotCount) {
  expect_error(ErrorCode::kInvalidArgument, "order is -1", [] { NgramModel(kAbab, 3, -1); });
  expect_error(ErrorCode::kInvalidArgument, "order is 5", [] { NgramModel(kAbab, 3, 5); });
  expect_error(ErrorCode::kInvalidArgument, "vocab_size is 0", [] { NgramModel(kAbab, 0, 1); });
  expect_error(ErrorCode::kInvalidArgument, "vocab_size is 4097", [] { NgramModel(kAbab, 4097, 1); });
  expect_error(ErrorCode::kInvalidArgument, "token 1, expected 0 to 0", [] { NgramModel(kAbab, 1, 1); });
  const NgramModel model(kAbab, 3, 3);
  expect_error(ErrorCode::kInvalidArgument, "token -1", [&] { model.loss_nats(Tokens{0, 0, -1}); });
  expect_error(ErrorCode::kInvalidArgument, "token 3", [&] { model.probability(Tokens{0, 0}, 3); });
  expect_error(ErrorCode::kInvalidArgument, "a context of 1 tokens, expected at least 2",
               [&] { model.probability(Tokens{0}, 1); });
  expect_error(ErrorCode::kTextTooShort, "2 tokens, expected at least 3", [&] {
    model.loss_nats(Tokens{0, 1});
  });
  expect_error(ErrorCode::kTextTooShort, "0 tokens", [] { NgramModel(kAbab, 3, 0).loss_nats({}); });
}

}  // namespace
}  // namespace unroll::testing::ngram_baseline_test
