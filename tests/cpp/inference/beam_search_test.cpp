#include "unroll/inference/beam_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "support/expect_error.h"
#include "unroll/inference/evaluation.h"
#include "unroll/inference/generator.h"

/// Against all texts there are, in a vocabulary so small that they can be listed.
namespace unroll::testing::beam_search_test {
namespace {

constexpr Index kV = 3;
const std::vector<TokenId> kPrompt = {1, 0};

std::shared_ptr<LanguageModel<float>> make_model(std::uint64_t seed = 2) {
  auto model = std::make_shared<LanguageModel<float>>(
      ModelConfig{.network = {.cell = CellKind::kGru, .hidden_size = 6, .seed = seed}, .vocab_size = kV});
  // Far from uniform, so that the best text is not the greedy one.
  for (Index i = 0; i < model->parameters().values().size(); ++i) model->parameters().values()[i] *= 4.0f;
  model->parameters().changed();
  return model;
}

/// ln p of each token after the prompt, by reading the whole.
double log_prob_of(const std::shared_ptr<LanguageModel<float>>& model, const std::vector<TokenId>& tokens) {
  std::vector<TokenId> text = kPrompt;
  text.insert(text.end(), tokens.begin(), tokens.end());
  Evaluation evaluation(model, text);
  double piece[Evaluation::kPiece];
  evaluation.advance(piece);
  double sum = 0;
  for (std::size_t i = kPrompt.size() - 1; i + 1 < text.size(); ++i) sum += piece[i];
  return sum;
}

/// All texts of `length` tokens, or shorter ones that end with `stop`, with their log probabilities.
std::map<std::vector<TokenId>, double> all_texts(const std::shared_ptr<LanguageModel<float>>& model,
                                                 std::size_t length, TokenId stop) {
  std::map<std::vector<TokenId>, double> texts;
  std::vector<std::vector<TokenId>> open = {{}};
  while (!open.empty()) {
    std::vector<TokenId> text = open.back();
    open.pop_back();
    for (TokenId token = 0; token < kV; ++token) {
      std::vector<TokenId> longer = text;
      longer.push_back(token);
      if (token == stop || longer.size() == length) {
        texts[longer] = log_prob_of(model, longer);
      } else {
        open.push_back(longer);
      }
    }
  }
  return texts;
}

TEST(BeamSearch, FindsTheBestOfAllTexts) {
  for (std::uint64_t seed : {1, 2, 3, 4, 5}) {
    for (TokenId stop : {-1, 2}) {
      for (double penalty : {0.0, 1.0}) {
        const auto model = make_model(seed);
        const StopStrings stops =
            stop < 0 ? StopStrings() : StopStrings(std::vector<std::vector<TokenId>>{{stop}});
        const auto texts = all_texts(model, 4, stop);
        // Wide enough to lose none.
        const auto beams =
            beam_search(*model, kPrompt, {.width = 64, .length = 4, .length_penalty = penalty}, stops);
        std::vector<double> scores;
        for (const auto& [tokens, log_prob] : texts) {
          scores.push_back(log_prob / std::pow(static_cast<double>(tokens.size()), penalty));
        }
        std::sort(scores.rbegin(), scores.rend());
        ASSERT_EQ(beams.size(), std::min<std::size_t>(64, texts.size()));
        for (std::size_t i = 0; i < beams.size(); ++i) {
          EXPECT_NEAR(beams[i].score, scores[i], 1e-5);
          EXPECT_NEAR(beams[i].log_prob, texts.at(beams[i].tokens), 1e-5);
          double sum = 0;
          for (float log_prob : beams[i].log_probs) sum += static_cast<double>(log_prob);
          EXPECT_NEAR(sum, beams[i].log_prob, 1e-5);
        }
      }
    }
  }
}

/// Beam search without states and shortcuts: every text is read anew, and the search goes on to the full
/// length.
std::vector<std::vector<TokenId>> naive_beams(const std::shared_ptr<LanguageModel<float>>& model,
                                              const BeamConfig& config, TokenId stop) {
  struct Text {
    std::vector<TokenId> tokens;
    double log_prob = 0.0;
  };
  const auto width = static_cast<std::size_t>(config.width);
  std::vector<Text> active = {{}}, finished;
  while (!active.empty()) {
    std::vector<Text> longer;
    for (const Text& text : active) {
      for (TokenId token = 0; token < kV; ++token) {
        longer.push_back(text);
        longer.back().tokens.push_back(token);
        longer.back().log_prob = log_prob_of(model, longer.back().tokens);
      }
    }
    std::stable_sort(longer.begin(), longer.end(),
                     [](const Text& a, const Text& b) { return a.log_prob > b.log_prob; });
    longer.resize(std::min(longer.size(), width));
    active.clear();
    for (const Text& text : longer) {
      const bool ends = text.tokens.back() == stop || static_cast<Index>(text.tokens.size()) == config.length;
      (ends ? finished : active).push_back(text);
    }
  }
  const auto score = [&](const Text& text) {
    return text.log_prob / std::pow(static_cast<double>(text.tokens.size()), config.length_penalty);
  };
  std::stable_sort(finished.begin(), finished.end(),
                   [&](const Text& a, const Text& b) { return score(a) > score(b); });
  std::vector<std::vector<TokenId>> best;
  for (std::size_t i = 0; i < std::min(width, finished.size()); ++i) best.push_back(finished[i].tokens);
  return best;
}

TEST(BeamSearch, EndsEarlyOnlyWhereThatChangesNothing) {
  for (std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    for (Index width : {1, 2, 3, 5}) {
      for (double penalty : {0.0, 0.7, 2.0}) {
        const auto model = make_model(seed);
        const BeamConfig config{.width = width, .length = 9, .length_penalty = penalty};
        const StopStrings stop(std::vector<std::vector<TokenId>>{{2}});
        std::vector<std::vector<TokenId>> got;
        for (const Beam& beam : beam_search(*model, kPrompt, config, stop)) got.push_back(beam.tokens);
        EXPECT_EQ(got, naive_beams(model, config, 2))
            << seed << ", width " << width << ", penalty " << penalty;
      }
    }
  }
}

TEST(BeamSearch, OfWidthOneIsGreedy) {
  const auto model = make_model();
  const auto beams = beam_search(*model, kPrompt, {.width = 1, .length = 30}, StopStrings());
  ASSERT_EQ(beams.size(), 1u);
  Generator greedy(model, kPrompt, {.greedy = true}, 1);
  for (std::size_t i = 0; i < 30; ++i) {
    const auto [token, log_prob] = greedy.next();
    EXPECT_EQ(beams[0].tokens[i], token);
    EXPECT_EQ(beams[0].log_probs[i], log_prob);
  }
}

TEST(BeamSearch, WiderIsBetterThanGreedyHere) {
  const auto model = make_model();
  const auto best = [&](Index width) {
    return beam_search(*model, kPrompt, {.width = width, .length = 30}, StopStrings()).front().log_prob;
  };
  EXPECT_GT(best(32), best(1));
}

TEST(BeamSearch, RefusesWhatItCannotDo) {
  const auto model = make_model();
  const auto search = [&](const BeamConfig& config) { beam_search(*model, kPrompt, config, StopStrings()); };
  expect_error(ErrorCode::kInvalidArgument, "width is 0", [&] { search({.width = 0}); });
  expect_error(ErrorCode::kInvalidArgument, "width is 65", [&] { search({.width = 65}); });
  expect_error(ErrorCode::kInvalidArgument, "length is 0", [&] { search({.length = 0}); });
  expect_error(ErrorCode::kInvalidArgument, "length_penalty is nan",
               [&] { search({.length_penalty = NAN}); });
  expect_error(ErrorCode::kInvalidArgument, "the prompt is empty",
               [&] { beam_search(*model, {}, {}, StopStrings()); });
}

}  // namespace
}  // namespace unroll::testing::beam_search_test
