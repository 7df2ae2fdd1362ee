#include "unroll/inference/many_texts.h"

#include <gtest/gtest.h>

#include <string>

#include "support/expect_error.h"
#include "support/random.h"
#include "unroll/inference/evaluation.h"
#include "unroll/inference/generator.h"

/// Texts in a batch are, to the bit, what they are alone.
namespace unroll::testing::many_texts_test {
namespace {

constexpr Index kV = 11;

class ManyTexts : public ::testing::TestWithParam<CellKind> {
 protected:
  std::shared_ptr<LanguageModel<float>> model_ = std::make_shared<LanguageModel<float>>(
      ModelConfig{.network = {.cell = GetParam(), .hidden_size = 13, .num_layers = 2, .dropout = 0.5},
                  .vocab_size = kV,
                  .embedding_dim = 5});
  TextReader reader_{*model_};
};

TEST_P(ManyTexts, AreWrittenAsByThemselves) {
  for (std::size_t streams : {1, 3, 9}) {
    std::vector<std::vector<TokenId>> prompts;
    std::vector<std::uint64_t> seeds;
    for (std::size_t i = 0; i < streams; ++i) {
      prompts.push_back(Random(i).tokens(i == 1 ? 300 : static_cast<Index>(1 + i), kV));
      seeds.push_back(100 + 7 * i);
    }
    for (const SamplingConfig& sampling :
         {SamplingConfig{.temperature = 0.7}, SamplingConfig{.top_k = 4, .top_p = 0.8}}) {
      const auto texts = write_texts(reader_, prompts, sampling, seeds, 40, StopStrings());
      ASSERT_EQ(texts.size(), streams);
      for (std::size_t i = 0; i < streams; ++i) {
        Generator alone(model_, prompts[i], sampling, seeds[i]);
        ASSERT_EQ(texts[i].tokens.size(), 40u);
        EXPECT_FALSE(texts[i].stopped);
        for (std::size_t t = 0; t < 40; ++t) {
          const auto [token, log_prob] = alone.next();
          ASSERT_EQ(texts[i].tokens[t], token);
          ASSERT_EQ(texts[i].log_probs[t], log_prob);
        }
      }
    }
  }
}

TEST_P(ManyTexts, StopEachForItself) {
  const std::vector<std::vector<TokenId>> prompts(6, std::vector<TokenId>{1, 2});
  const std::vector<std::uint64_t> seeds = {1, 2, 3, 4, 5, 6};
  const auto whole = write_texts(reader_, prompts, {}, seeds, 60, StopStrings());
  const StopStrings stop({{3, 4}, {7}});
  const auto texts = write_texts(reader_, prompts, {}, seeds, 60, stop);
  std::size_t stopped = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& tokens = texts[i].tokens;
    std::size_t end = 1;
    const auto& all = whole[i].tokens;
    while (end < 60 && all[end - 1] != 7 && !(end > 1 && all[end - 2] == 3 && all[end - 1] == 4)) ++end;
    EXPECT_EQ(tokens, std::vector<TokenId>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(end)));
    EXPECT_EQ(texts[i].log_probs.size(), tokens.size());
    EXPECT_EQ(texts[i].stopped, stop.end(all) || end < 60);
    stopped += texts[i].stopped;
  }
  EXPECT_GT(stopped, 3u);
}

TEST_P(ManyTexts, AreScoredAsByThemselves) {
  std::vector<std::vector<TokenId>> texts;
  for (std::size_t i = 0; i < 70; ++i)
    texts.push_back(Random(i).tokens(static_cast<Index>(2 + (i * 37) % 90), kV));
  texts[5] = Random(5).tokens(700, kV);
  texts[6] = Random(6).tokens(257, kV);
  texts[7] = texts[6];
  const auto scores = score_texts(reader_, texts);
  ASSERT_EQ(scores.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Evaluation alone(model_, texts[i]);
    std::vector<double> log_probs;
    double piece[Evaluation::kPiece];
    while (const Index count = alone.advance(piece)) log_probs.insert(log_probs.end(), piece, piece + count);
    EXPECT_EQ(scores[i].log_probs, log_probs) << i;
    EXPECT_EQ(scores[i].loss_nats, alone.loss_nats()) << i;
  }
  EXPECT_TRUE(score_texts(reader_, {}).empty());
}

TEST_P(ManyTexts, RefuseWhatCannotBe) {
  const auto write = [&](std::vector<std::vector<TokenId>> prompts, std::size_t seeds) {
    write_texts(reader_, prompts, {}, std::vector<std::uint64_t>(seeds), 3, StopStrings());
  };
  expect_error(ErrorCode::kInvalidArgument, "0 prompts", [&] { write({}, 0); });
  expect_error(ErrorCode::kInvalidArgument, "1 seeds", [&] { write({{1}, {2}}, 1); });
  expect_error(ErrorCode::kInvalidArgument, "the prompt is empty", [&] { write({{1}, {}}, 2); });
  expect_error(ErrorCode::kTextTooShort, "1 characters", [&] { score_texts(reader_, {{1, 2}, {1}}); });
}

INSTANTIATE_TEST_SUITE_P(All, ManyTexts, ::testing::ValuesIn(kAllCells),
                         [](const auto& info) { return std::string(cell<float>(info.param).name); });

}  // namespace
}  // namespace unroll::testing::many_texts_test
