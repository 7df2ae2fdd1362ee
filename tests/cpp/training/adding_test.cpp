#include <gtest/gtest.h>

#include <string>

#include "support/random.h"
#include "unroll/model/sequence_model.h"
#include "unroll/nn/clipping.h"
#include "unroll/nn/optimizer.h"

/// The adding problem (Hochreiter and Schmidhuber, 1997): a sequence of random numbers of which two are
/// marked, one in each half; at its end the network says their sum. Who always says 1 has a mean squared
/// error of 1/6.
namespace unroll::testing::adding_test {
namespace {

constexpr Index kT = 24, kB = 32;
constexpr double kBaseline = 1.0 / 6.0;
constexpr int kTooMany = 3000;

/// Sequences of different lengths, so that the sum is asked for at different steps.
struct Sums {
  explicit Sums(Random& random) : x(kT * kB, 2), sums(kB, 1) {
    for (Index b = 0; b < kB; ++b) {
      const Index length = kT / 2 + random.tokens(1, kT / 2 + 1)[0];
      lengths.push_back(length);
      for (Index t = 0; t < length; ++t) x(t * kB + b, 0) = static_cast<float>(random.uniform(0.0, 1.0));
      for (const Index half : {Index{0}, length / 2}) {
        const Index t = half + random.tokens(1, length / 2)[0];
        x(t * kB + b, 1) = 1.0f;
        sums(b, 0) += x(t * kB + b, 0);
      }
    }
  }

  SequenceModel<float>::Batch batch() const {
    return {.seq_len = kT, .batch_size = kB, .x = x.data(), .lengths = lengths};
  }

  Array<float> x;  // (T * B, 2): number and mark
  Array<float> sums;
  std::vector<Index> lengths;
};

class Adding : public ::testing::TestWithParam<std::pair<CellKind, int>> {};

TEST_P(Adding, IsLearned) {
  const auto [cell, steps] = GetParam();
  Random random(1);
  std::vector<Sums> exam;
  for (int i = 0; i < 8; ++i) exam.emplace_back(random);
  SequenceModel<float> model(
      {.network = {.cell = cell, .hidden_size = 24}, .input_size = 2, .output_size = 1});
  Optimizer<float> optimizer({.learning_rate = 0.01});
  const auto error = [&] {
    double total = 0.0;
    for (const Sums& sums : exam) {
      model.forward(sums.batch(), Dropout::kOff, nullptr, nullptr);
      total += model.squared_error(sums.sums.data(), {});
    }
    return total / static_cast<double>(exam.size());
  };
  EXPECT_GT(error(), kBaseline);
  int step = 0;
  for (; step < kTooMany && (step % 20 != 0 || error() > 0.05 * kBaseline); ++step) {
    const Sums lesson(random);
    model.forward(lesson.batch(), Dropout::kOff, nullptr, nullptr);
    model.squared_error_and_gradients(lesson.sums.data(), {});
    optimizer.update(model.parameters(), clip_coefficient(gradient_norm(model.parameters()), 1.0));
  }
  EXPECT_EQ(step, steps);
}

INSTANTIATE_TEST_SUITE_P(All, Adding,
                         ::testing::Values(std::pair{CellKind::kLstm, 420}, std::pair{CellKind::kGru, 220}),
                         [](const auto& info) { return std::string(cell<float>(info.param.first).name); });

}  // namespace
}  // namespace unroll::testing::adding_test
