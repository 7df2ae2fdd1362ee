#include <gtest/gtest.h>

#include <string>

#include "support/random.h"
#include "unroll/inference/sampling.h"
#include "unroll/model/language_model.h"
#include "unroll/nn/clipping.h"
#include "unroll/nn/optimizer.h"

/// Networks learn what they can. Every bit of a run follows from its seed, so the tests ask for exactly the
/// step at which a task is solved; it changes only when the arithmetic does.
namespace unroll::testing::learning_test {
namespace {

/// A model with an optimizer that trains on windows from a zero state.
class Pupil {
 public:
  Pupil(const ModelConfig& config, double learning_rate)
      : model_(config), optimizer_({.learning_rate = learning_rate}) {}

  void train_step(const std::vector<TokenId>& ids, const std::vector<TokenId>& targets, Index seq_len) {
    const Index batch_size = static_cast<Index>(ids.size()) / seq_len;
    model_.make_state(batch_size, state_);
    model_.loss_and_gradients(ids.data(), targets.data(), seq_len, batch_size, state_);
    optimizer_.update(model_.parameters(), clip_coefficient(gradient_norm(model_.parameters()), 1.0));
  }

  /// The most likely next token at each position of each sequence.
  std::vector<TokenId> guesses(const std::vector<TokenId>& ids, Index seq_len) {
    const Index batch_size = static_cast<Index>(ids.size()) / seq_len;
    const Index vocab_size = model_.config().vocab_size;
    model_.make_state(batch_size, state_);
    const float* logits = model_.forward(ids.data(), seq_len, batch_size, state_);
    std::vector<TokenId> result;
    for (std::size_t r = 0; r < ids.size(); ++r) {
      result.push_back(argmax(logits + static_cast<Index>(r) * padded(vocab_size), vocab_size));
    }
    return result;
  }

 private:
  LanguageModel<float> model_;
  Optimizer<float> optimizer_;
  StackState<float> state_;
};

constexpr int kTooMany = 3000;

struct Sentence {
  CellKind cell;
  Index num_layers;
  Index embedding_dim;
  int steps;  // after which it is known by heart
};

class LearningSentence : public ::testing::TestWithParam<Sentence> {};

TEST_P(LearningSentence, HoldsASentence) {
  const auto [cell, num_layers, embedding_dim, steps] = GetParam();
  const std::string sentence = "a tiny network learns this sentence by heart, then tells it again";
  std::string alphabet;
  for (char c : sentence) {
    if (alphabet.find(c) == std::string::npos) alphabet.push_back(c);
  }
  std::vector<TokenId> ids, targets;
  for (std::size_t i = 0; i + 1 < sentence.size(); ++i) {
    ids.push_back(static_cast<TokenId>(alphabet.find(sentence[i])));
    targets.push_back(static_cast<TokenId>(alphabet.find(sentence[i + 1])));
  }
  Pupil pupil({.network = {.cell = cell, .hidden_size = 24, .num_layers = num_layers},
               .vocab_size = static_cast<Index>(alphabet.size()),
               .embedding_dim = embedding_dim},
              0.01);
  const auto seq_len = static_cast<Index>(ids.size());
  int step = 0;
  while (pupil.guesses(ids, seq_len) != targets && step < kTooMany) {
    pupil.train_step(ids, targets, seq_len);
    ++step;
  }
  EXPECT_EQ(step, steps);
}

INSTANTIATE_TEST_SUITE_P(
    All, LearningSentence,
    ::testing::Values(Sentence{CellKind::kLstm, 1, 0, 77}, Sentence{CellKind::kLstm, 2, 8, 83},
                      Sentence{CellKind::kGru, 1, 0, 60}, Sentence{CellKind::kGru, 2, 8, 52},
                      Sentence{CellKind::kRnnTanh, 1, 0, 55}, Sentence{CellKind::kRnnTanh, 2, 8, 35},
                      Sentence{CellKind::kRnnRelu, 1, 0, 78}, Sentence{CellKind::kRnnRelu, 2, 8, 38}),
    [](const auto& info) {
      return std::string(cell<float>(info.param.cell).name) + "_" + std::to_string(info.param.num_layers);
    });

/// Parity: after each bit of a random string, was the number of ones so far even or odd? The vanilla network
/// and the others all can, though no finite window of past bits would do.
class LearningParity : public ::testing::TestWithParam<std::pair<CellKind, int>> {};

TEST_P(LearningParity, IsKeptOverALongString) {
  constexpr Index kT = 12, kB = 32, kLong = 100;
  const auto [cell, steps] = GetParam();
  Random random(1);
  const auto draw = [&](Index seq_len, std::vector<TokenId>& bits, std::vector<TokenId>& parities) {
    bits = random.tokens(seq_len * kB, 2);
    parities = bits;
    for (std::size_t i = kB; i < bits.size(); ++i) parities[i] = bits[i] ^ parities[i - kB];
  };
  std::vector<TokenId> bits, parities, long_bits, long_parities;
  draw(kLong, long_bits, long_parities);
  Pupil pupil({.network = {.cell = cell, .hidden_size = 16}, .vocab_size = 2}, 0.01);
  int step = 0;
  while (pupil.guesses(long_bits, kLong) != long_parities && step < kTooMany) {
    draw(kT, bits, parities);
    pupil.train_step(bits, parities, kT);
    ++step;
  }
  EXPECT_EQ(step, steps);
}

INSTANTIATE_TEST_SUITE_P(All, LearningParity,
                         ::testing::Values(std::pair{CellKind::kLstm, 84}, std::pair{CellKind::kGru, 105},
                                           std::pair{CellKind::kRnnTanh, 258}),
                         [](const auto& info) { return std::string(cell<float>(info.param.first).name); });

/// A task of the kind "read, wait, answer": a batch of inputs with their targets, of which some count.
struct Lesson {
  Index seq_len;
  std::vector<TokenId> ids, targets;
  std::vector<bool> counts;

  Lesson(Index seq_len, Index batch_size, TokenId blank)
      : seq_len(seq_len),
        ids(static_cast<std::size_t>(seq_len * batch_size), blank),
        targets(ids),
        counts(ids.size(), false) {}

  bool is_answered_by(Pupil& pupil) const {
    const std::vector<TokenId> guesses = pupil.guesses(ids, seq_len);
    for (std::size_t i = 0; i < guesses.size(); ++i) {
      if (counts[i] && guesses[i] != targets[i]) return false;
    }
    return true;
  }
};

/// Trains on fresh lessons until the pupil answers the exam without a mistake; how many steps that took.
template <class Draw>
int steps_until_learned(Pupil& pupil, const Lesson& exam, int limit, Draw draw) {
  int step = 0;
  for (; step < limit && !exam.is_answered_by(pupil); ++step) {
    const Lesson lesson = draw();
    pupil.train_step(lesson.ids, lesson.targets, lesson.seq_len);
  }
  return step;
}

/// Copy memory: three of four symbols, a wait of eight steps, a sign, and then the three symbols again.
Lesson copy_memory(Random& random) {
  constexpr Index kSymbols = 3, kWait = 8, kB = 32;
  constexpr TokenId kBlank = 4, kSign = 5;
  Lesson lesson(kSymbols + kWait + kSymbols, kB, kBlank);
  for (Index b = 0; b < kB; ++b) {
    for (Index i = 0; i < kSymbols; ++i) {
      const auto asked = static_cast<std::size_t>(i * kB + b);
      const auto answered = static_cast<std::size_t>((kSymbols + kWait + i) * kB + b);
      lesson.ids[asked] = lesson.targets[answered] = random.tokens(1, 4)[0];
      lesson.counts[answered] = true;
    }
    lesson.ids[static_cast<std::size_t>((kSymbols + kWait) * kB + b)] = kSign;
  }
  return lesson;
}

TEST(LearningCopyMemory, IsLearned) {
  Random random(1);
  const Lesson exam = copy_memory(random);
  Pupil pupil({.network = {.cell = CellKind::kGru, .hidden_size = 32}, .vocab_size = 6}, 0.01);
  EXPECT_EQ(steps_until_learned(pupil, exam, kTooMany, [&] { return copy_memory(random); }), 615);
}

/// One of two symbols, and at the end of a long wait the question which it was.
Lesson long_wait(Random& random) {
  constexpr Index kT = 40, kB = 16;
  constexpr TokenId kBlank = 2;
  Lesson lesson(kT, kB, kBlank);
  for (Index b = 0; b < kB; ++b) {
    const auto last = static_cast<std::size_t>((kT - 1) * kB + b);
    lesson.ids[static_cast<std::size_t>(b)] = lesson.targets[last] = random.tokens(1, 2)[0];
    lesson.counts[last] = true;
  }
  return lesson;
}

TEST(LearningLongWait, IsSurvivedByLstmAndNotByTheVanillaNetwork) {
  const auto steps = [](CellKind cell, int limit) {
    Random random(1);
    const Lesson exam = long_wait(random);
    Pupil pupil({.network = {.cell = cell, .hidden_size = 12, .forget_bias = 2.0}, .vocab_size = 3}, 0.02);
    return steps_until_learned(pupil, exam, limit, [&] { return long_wait(random); });
  };
  constexpr int kEnough = 892;
  EXPECT_EQ(steps(CellKind::kLstm, kTooMany), kEnough);
  EXPECT_EQ(steps(CellKind::kRnnTanh, kEnough + 1), kEnough + 1) << "the vanilla network has learned it, too";
}

/// Strings of n times a, n times b and an end, one after the other: from the first b on everything is known.
Lesson counting(Random& random, Index least, Index most) {
  constexpr Index kT = 60, kB = 16;
  constexpr TokenId kA = 0, kBToken = 1, kEnd = 2;
  Lesson lesson(kT, kB, kEnd);
  for (Index b = 0; b < kB; ++b) {
    std::vector<TokenId> text = {kEnd};
    std::vector<bool> known = {false};
    while (static_cast<Index>(text.size()) <= kT) {
      const Index n = least + random.tokens(1, most - least + 1)[0];
      for (Index i = 0; i < 2 * n; ++i) {
        text.push_back(i < n ? kA : kBToken);
        known.push_back(i > n);
      }
      text.push_back(kEnd);
      known.push_back(true);
    }
    for (Index t = 0; t < kT; ++t) {
      const auto at = static_cast<std::size_t>(t * kB + b);
      lesson.ids[at] = text[static_cast<std::size_t>(t)];
      lesson.targets[at] = text[static_cast<std::size_t>(t + 1)];
      lesson.counts[at] = known[static_cast<std::size_t>(t + 1)];
    }
  }
  return lesson;
}

TEST(LearningCounting, OfLettersIsLearnedAndGoesBeyondWhatWasSeen) {
  Random random(1);
  const Lesson exam = counting(random, 1, 12);
  Pupil pupil({.network = {.cell = CellKind::kLstm, .hidden_size = 16}, .vocab_size = 3}, 0.01);
  EXPECT_EQ(steps_until_learned(pupil, exam, kTooMany, [&] { return counting(random, 1, 8); }), 460);
}

}  // namespace
}  // namespace unroll::testing::learning_test
