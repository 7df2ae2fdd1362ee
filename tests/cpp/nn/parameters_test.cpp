#include "unroll/nn/parameters.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/state_dict.h"

namespace unroll::testing::parameters_test {
namespace {

Parameters<float> weight_and_bias() {
  Parameters<float> parameters;
  parameters.add({.name = "weight",
                  .layout = {.kind = LayoutKind::kPanels, .rows = 12, .cols = 5, .block_rows = 3},
                  .bound = 0.25});
  parameters.add(
      {.name = "bias", .layout = {.kind = LayoutKind::kVector, .rows = 12, .block_rows = 3}, .bound = 0.25});
  parameters.allocate();
  return parameters;
}

TEST(Parameters, CountsNumbersWithoutPadding) {
  EXPECT_EQ(weight_and_bias().size(), 12 * 5 + 12);
  EXPECT_GT(weight_and_bias().values().size(), 12 * 5 + 12);
}

TEST(Parameters, StartAsZeros) {
  Parameters<float> parameters = weight_and_bias();
  for (Index i = 0; i < parameters.values().size(); ++i) {
    EXPECT_EQ(parameters.values()[i], 0.0f);
    EXPECT_EQ(parameters.gradients()[i], 0.0f);
  }
}

TEST(Parameters, AreDrawnInOrderRowByRow) {
  Parameters<float> parameters = weight_and_bias();
  const std::uint64_t version = parameters.version();
  Rng rng(1, Rng::Purpose::kInitialisation), twin(1, Rng::Purpose::kInitialisation);
  parameters.initialise(rng);
  EXPECT_GT(parameters.version(), version);
  for (Index id : {0, 1}) {
    for (double x : value_of(parameters, id)) {
      EXPECT_EQ(x, static_cast<double>(static_cast<float>(twin.uniform(-0.25, 0.25))));
    }
  }
}

TEST(Parameters, PaddingStaysZeroWhenTheyAreDrawn) {
  Parameters<float> parameters = weight_and_bias();
  Rng rng(1, Rng::Purpose::kInitialisation);
  parameters.initialise(rng);
  Index zeros = 0;
  for (Index i = 0; i < parameters.values().size(); ++i) zeros += parameters.values()[i] == 0.0f ? 1 : 0;
  EXPECT_EQ(zeros, parameters.values().size() - parameters.size());
}

TEST(Parameters, WithoutABoundAreStandardNormal) {
  Parameters<float> parameters;
  parameters.add({.name = "embedding.weight",
                  .layout = {.kind = LayoutKind::kRows, .rows = 200, .cols = 50, .block_rows = 200}});
  parameters.allocate();
  Rng rng(1, Rng::Purpose::kInitialisation);
  parameters.initialise(rng);
  double sum = 0.0, squares = 0.0;
  for (double x : value_of(parameters, 0)) {
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 1e4, 0.0, 0.05);
  EXPECT_NEAR(squares / 1e4, 1.0, 5.0 * std::sqrt(2.0) / 100.0);
}

}  // namespace
}  // namespace unroll::testing::parameters_test
