#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "support/language_trainer.h"
#include "support/random.h"
#include "unroll/inference/generator.h"

/// Reber's grammar (1967): strings that a small automaton writes. A network that reads many of them finds the
/// automaton's states, and then writes legal strings of its own.
namespace unroll::testing::reber_test {
namespace {

struct Arc {
  char letter;
  int to;
};

constexpr int kStart = 0, kEnd = 7;
constexpr int kSteps = 3000;
const std::vector<std::vector<Arc>> kArcs = {{{'B', 1}},           {{'T', 2}, {'P', 3}}, {{'S', 2}, {'X', 4}},
                                             {{'T', 3}, {'V', 5}}, {{'X', 3}, {'S', 6}}, {{'P', 4}, {'V', 6}},
                                             {{'E', kEnd}}};

std::string legal_string(Random& random) {
  std::string text;
  for (int state = kStart; state != kEnd;) {
    const auto& arcs = kArcs[static_cast<std::size_t>(state)];
    const Arc& arc = arcs[static_cast<std::size_t>(random.tokens(1, static_cast<Index>(arcs.size()))[0])];
    text += arc.letter;
    state = arc.to;
  }
  return text;
}

bool is_legal(const std::string& text) {
  int state = kStart;
  for (const char letter : text) {
    int next = -1;
    if (state == kEnd) return false;
    for (const Arc& arc : kArcs[static_cast<std::size_t>(state)]) {
      if (arc.letter == letter) next = arc.to;
    }
    if (next < 0) return false;
    state = next;
  }
  return state == kEnd;
}

TEST(ReberGrammar, TellsLegalStringsFromOthers) {
  for (const char* text : {"BTXSE", "BPVVE", "BTSSXXTVPSE"}) EXPECT_TRUE(is_legal(text)) << text;
  for (const char* text : {"", "B", "BTXS", "BTXSEE", "BPTXSE", "TXSE"}) EXPECT_FALSE(is_legal(text)) << text;
}

class Reber : public ::testing::TestWithParam<CellKind> {};

TEST_P(Reber, AllStringsThatTheModelDrawsAreLegal) {
  Random random(1);
  std::string text;
  while (text.size() < 40000) text += legal_string(random);
  LanguageTrainer trainer({.network = {.cell = GetParam(), .hidden_size = 24}},
                          {.batch_size = 16,
                           .seq_len = 32,
                           .optimizer = {.learning_rate = 0.02},
                           .schedule = ScheduleConfig{.kind = ScheduleKind::kCosine, .t_max = kSteps}},
                          std::u32string(text.begin(), text.end()));
  for (int step = 0; step < kSteps; ++step) trainer.train_step();

  const std::vector<TokenId> prompt = trainer.vocabulary()->encode(U"E");
  Generator generator(trainer.model(), prompt, {}, 1);
  std::vector<TokenId> tokens;
  while (tokens.size() < 4000) tokens.push_back(generator.next().token);
  const std::u32string written = trainer.vocabulary()->decode(tokens);

  std::string string;
  std::set<std::string> distinct;
  int count = 0;
  for (const char32_t letter : written) {
    string += static_cast<char>(letter);
    if (letter != U'E') continue;
    EXPECT_TRUE(is_legal(string)) << string;
    distinct.insert(string);
    string.clear();
    ++count;
  }
  // Not the same few strings over and over.
  EXPECT_GT(count, 400);
  EXPECT_GT(distinct.size(), 90u);
}

INSTANTIATE_TEST_SUITE_P(All, Reber, ::testing::Values(CellKind::kLstm, CellKind::kGru, CellKind::kRnnTanh),
                         [](const auto& info) { return std::string(cell<float>(info.param).name); });

}  // namespace
}  // namespace unroll::testing::reber_test
