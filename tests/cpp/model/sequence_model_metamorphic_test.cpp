#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/random.h"
#include "unroll/model/sequence_model.h"

/// What must not change a sequence model's loss and gradients, in float, where bits tell.
namespace unroll::testing::sequence_model_metamorphic_test {
namespace {

constexpr Index kT = 5, kB = 4, kV = 7, kH = 9, kOut = 3;
constexpr std::size_t kSteps = kT * kB;

struct Case {
  CellKind cell;
  Readout readout;
  bool squared;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (CellKind cell : kAllCells) {
    for (Readout readout : {Readout::kLast, Readout::kSteps}) {
      for (bool squared : {false, true}) cases.push_back({cell, readout, squared});
    }
  }
  return cases;
}

/// What is asked, and with which targets and weights.
struct Question {
  explicit Question(std::uint64_t seed, Index steps = kT) : seq_len(steps) {
    Random random(seed);
    ids = random.tokens(steps * kB, kV);
    classes = random.tokens(steps * kB, kOut);
    values = random.array<float>(steps * kB, kOut);
    for (Index i = 0; i < steps * kB; ++i) weights.push_back(static_cast<float>(random.uniform(0.25, 2.0)));
  }

  Index seq_len;
  std::vector<Index> lengths = {2, 5, 1, 4};
  std::vector<TokenId> ids;
  std::vector<TokenId> classes;
  Array<float> values;
  std::vector<float> weights;
};

struct Answer {
  double loss;
  std::vector<double> row_losses;
  AlignedBuffer<float> gradients;
};

class SequenceModelMetamorphic : public ::testing::TestWithParam<Case> {
 protected:
  SequenceModelMetamorphic()
      : model_({.network = {.cell = GetParam().cell,
                            .hidden_size = kH,
                            .num_layers = 2,
                            .bidirectional = true,
                            .seed = 4},
                .vocab_size = kV,
                .embedding_dim = 3,
                .output_size = kOut,
                .readout = GetParam().readout}) {}

  static bool answers_steps() { return GetParam().readout == Readout::kSteps; }

  Answer ask(const Question& q) {
    const SequenceModel<float>::Batch batch{
        .seq_len = q.seq_len, .batch_size = kB, .ids = q.ids.data(), .lengths = q.lengths};
    const auto count = static_cast<std::size_t>(model_.answers(batch));
    const RowWeights weights{.weights = std::span(q.weights).first(count)};
    Answer answer{.loss = 0.0, .row_losses = std::vector<double>(count), .gradients = {}};
    model_.forward(batch, Dropout::kOff, nullptr, nullptr);
    answer.loss =
        GetParam().squared
            ? model_.squared_error_and_gradients(q.values.data(), weights, answer.row_losses.data())
            : model_.cross_entropy_and_gradients(
                  q.classes.data(), {.label_smoothing = 0.1, .weights = weights}, answer.row_losses.data());
    answer.gradients = model_.parameters().gradients();
    return answer;
  }

  static void expect_same_bits(const Answer& a, const Answer& b) {
    EXPECT_EQ(a.loss, b.loss);
    ASSERT_EQ(a.gradients.size(), b.gradients.size());
    for (Index i = 0; i < a.gradients.size(); ++i) ASSERT_EQ(a.gradients[i], b.gradients[i]) << i;
  }

  SequenceModel<float> model_;
};

/// Makes everything about a place something else: the token, and where steps are answered what is asked
/// there.
void spoil(Question& q, std::size_t place, bool answers_steps) {
  q.ids[place] = static_cast<TokenId>((q.ids[place] + 1) % kV);
  if (!answers_steps) return;
  q.classes[place] = -100;
  q.values(static_cast<Index>(place), 0) = 1e30f;
  q.weights[place] = 9.0f;
}

TEST_P(SequenceModelMetamorphic, WhatStandsInThePaddingChangesNoBit) {
  const Question clean(5);
  Question dirty = clean;
  for (std::size_t place = 0; place < kSteps; ++place) {
    const std::size_t t = place / kB, b = place % kB;
    if (static_cast<Index>(t) >= clean.lengths[b]) spoil(dirty, place, answers_steps());
  }
  expect_same_bits(ask(clean), ask(dirty));
}

TEST_P(SequenceModelMetamorphic, MorePaddingChangesNoBit) {
  const Question q(6);
  Question longer(7, kT + 3);
  std::copy(q.ids.begin(), q.ids.end(), longer.ids.begin());
  std::copy(q.classes.begin(), q.classes.end(), longer.classes.begin());
  std::copy(q.values.begin(), q.values.end(), longer.values.begin());
  std::copy(q.weights.begin(), q.weights.end(), longer.weights.begin());
  const Answer expected = ask(q), padded = ask(longer);
  expect_same_bits(expected, padded);
  for (std::size_t i = 0; i < padded.row_losses.size(); ++i) {
    EXPECT_EQ(padded.row_losses[i], i < expected.row_losses.size() ? expected.row_losses[i] : 0.0);
  }
}

TEST_P(SequenceModelMetamorphic, WhatIsAskedWhereNothingCountsChangesNoBit) {
  Question q(8);
  q.weights[1] = 0.0f;  // the longest sequence, or its first step
  Question other = q;
  other.classes[1] = static_cast<TokenId>((other.classes[1] + 1) % kOut);
  other.values(1, 0) = 1e30f;
  expect_same_bits(ask(q), ask(other));
}

TEST_P(SequenceModelMetamorphic, AnIgnoredTargetIsAWeightOfZero) {
  if (GetParam().squared) return;  // there are no targets that could be ignored
  Question ignored(9), weightless(9);
  ignored.classes[1] = -100;
  weightless.weights[1] = 0.0f;
  expect_same_bits(ask(ignored), ask(weightless));
}

TEST_P(SequenceModelMetamorphic, WeightsMeanTheirRatios) {
  Question q(10), doubled(10);
  for (float& weight : doubled.weights) weight *= 2.0f;
  expect_same_bits(ask(q), ask(doubled));
}

TEST_P(SequenceModelMetamorphic, PermutingTheBatchPermutesTheLosses) {
  const Question q(11);
  Question permuted = q;
  const std::size_t order[kB] = {2, 0, 3, 1};
  const std::size_t steps = answers_steps() ? kT : 1;
  for (std::size_t b = 0; b < kB; ++b) {
    permuted.lengths[b] = q.lengths[order[b]];
    for (std::size_t t = 0; t < kT; ++t) permuted.ids[t * kB + b] = q.ids[t * kB + order[b]];
    for (std::size_t t = 0; t < steps; ++t) {
      const std::size_t to = t * kB + b, from = t * kB + order[b];
      permuted.classes[to] = q.classes[from];
      permuted.weights[to] = q.weights[from];
      std::copy_n(q.values.row(static_cast<Index>(from)), kOut, permuted.values.row(static_cast<Index>(to)));
    }
  }
  const Answer straight = ask(q), other = ask(permuted);
  for (std::size_t t = 0; t < steps; ++t) {
    for (std::size_t b = 0; b < kB; ++b) {
      EXPECT_EQ(other.row_losses[t * kB + b], straight.row_losses[t * kB + order[b]]);
    }
  }
  // The engine sorts by length, and all lengths differ; but the head of a classifier adds up in the caller's
  // order.
  if (answers_steps()) return expect_same_bits(straight, other);
  EXPECT_NEAR(straight.loss, other.loss, 1e-12);
  for (Index i = 0; i < straight.gradients.size(); ++i) {
    EXPECT_NEAR(straight.gradients[i], other.gradients[i], 1e-6f);
  }
}

TEST_P(SequenceModelMetamorphic, AskingTwiceGivesTheSameBits) {
  const Question q(12), between(13);
  const Answer first = ask(q);
  ask(between);
  expect_same_bits(first, ask(q));
}

INSTANTIATE_TEST_SUITE_P(All, SequenceModelMetamorphic, ::testing::ValuesIn(all_cases()),
                         [](const auto& info) {
                           return std::string(cell<float>(info.param.cell).name) +
                                  (info.param.readout == Readout::kLast ? "_last" : "_steps") +
                                  (info.param.squared ? "_squared_error" : "_cross_entropy");
                         });

}  // namespace
}  // namespace unroll::testing::sequence_model_metamorphic_test
