#include <gtest/gtest.h>

#include <cmath>

#include "support/random.h"
#include "unroll/nn/stack.h"

namespace unroll::testing::dropout_test {
namespace {

constexpr Index kT = 20, kB = 30, kI = 4, kH = 13;
constexpr double kP = 0.3;

/// A stack of three layers with a window of random inputs.
class Dropping {
 public:
  Dropping()
      : stack_({.network = {.cell = CellKind::kGru,
                            .hidden_size = kH,
                            .num_layers = 3,
                            .bidirectional = true,
                            .dropout = kP},
                .input_size = kI,
                .prefix = ""},
               parameters_) {
    parameters_.allocate();
    Rng rng(1, Rng::Purpose::kInitialisation);
    parameters_.initialise(rng);
    packing_.set_full(kT, kB);
    Random(1).fill_rows(x_, kT * kB, kI);
  }

  std::vector<float> forward(Dropout dropout, Rng* rng) {
    stack_.forward(parameters_, {.rows = x_.data(), .stride = padded(kI)}, packing_, nullptr, dropout, rng);
    return {stack_.output(), stack_.output() + kT * kB * stack_.output_stride()};
  }

  AlignedBuffer<float>& mask(Index layer) { return stack_.mask(layer); }
  Index output_stride() const { return stack_.output_stride(); }

 private:
  Parameters<float> parameters_;
  Stack<float> stack_;
  Packing packing_;
  AlignedBuffer<float> x_;
};

TEST(Dropout, DropsTheGivenShareAndScalesTheRest) {
  Dropping stack;
  Rng rng(1, Rng::Purpose::kDropout);
  stack.forward(Dropout::kDraw, &rng);
  for (Index layer : {0, 1}) {
    double dropped = 0.0;
    for (Index r = 0; r < kT * kB; ++r) {
      const float* row = stack.mask(layer).data() + r * stack.output_stride();
      for (Index j = 0; j < 2 * kH; ++j) {
        EXPECT_TRUE(row[j] == 0.0f || row[j] == static_cast<float>(1.0 / (1.0 - kP)));
        dropped += row[j] == 0.0f ? 1.0 : 0.0;
      }
      for (Index j = 2 * kH; j < stack.output_stride(); ++j) EXPECT_EQ(row[j], 0.0f);
    }
    const double count = kT * kB * 2 * kH;
    EXPECT_NEAR(dropped / count, kP, 5.0 * std::sqrt(kP * (1.0 - kP) / count));
  }
  EXPECT_EQ(stack.mask(2).size(), 0) << "the last layer's output is not dropped";
}

TEST(Dropout, DrawsOtherMasksForEachLayerAndPass) {
  Dropping stack;
  Rng rng(1, Rng::Purpose::kDropout);
  const std::vector<float> first = stack.forward(Dropout::kDraw, &rng);
  Index equal = 0;
  for (Index i = 0; i < stack.mask(0).size(); ++i) equal += stack.mask(0)[i] == stack.mask(1)[i] ? 1 : 0;
  EXPECT_LT(equal, stack.mask(0).size());
  EXPECT_NE(stack.forward(Dropout::kDraw, &rng), first);
}

TEST(Dropout, FollowsItsSeed) {
  Dropping a, b;
  Rng rng_a(5, Rng::Purpose::kDropout), rng_b(5, Rng::Purpose::kDropout), rng_c(6, Rng::Purpose::kDropout);
  const std::vector<float> first = a.forward(Dropout::kDraw, &rng_a);
  EXPECT_EQ(b.forward(Dropout::kDraw, &rng_b), first);
  EXPECT_NE(b.forward(Dropout::kDraw, &rng_c), first);
}

TEST(Dropout, KeepsItsMasksWhenAskedTo) {
  Dropping stack;
  Rng rng(1, Rng::Purpose::kDropout);
  const std::vector<float> drawn = stack.forward(Dropout::kDraw, &rng);
  EXPECT_EQ(stack.forward(Dropout::kKeep, nullptr), drawn);
  EXPECT_NE(stack.forward(Dropout::kOff, nullptr), drawn);
}

}  // namespace
}  // namespace unroll::testing::dropout_test
