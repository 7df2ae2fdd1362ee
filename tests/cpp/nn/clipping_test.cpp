#include "unroll/nn/clipping.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/random.h"
#include "support/state_dict.h"

namespace unroll::testing::clipping_test {
namespace {

/// Two parameters of sizes that are no multiples of a panel, with random gradients.
template <class S>
Parameters<S> some_gradients() {
  Parameters<S> parameters;
  parameters.add(
      {.name = "a", .layout = {.kind = LayoutKind::kPanels, .rows = 5, .cols = 3, .block_rows = 5}});
  parameters.add({.name = "b", .layout = {.kind = LayoutKind::kVector, .rows = 11, .block_rows = 11}});
  parameters.allocate();
  Random random(4);
  for (Index id = 0; id < 2; ++id) {
    const Layout& layout = parameters.spec(id).layout;
    const Array<double> gradient = random.array<double>(layout.size(), 1, -3.0, 3.0);
    pack(layout, gradient.data(), parameters.gradient(id));
  }
  return parameters;
}

template <class S>
void norm_is_that_of_all_gradients() {
  const Parameters<S> parameters = some_gradients<S>();
  double squares = 0.0;
  for (Index id = 0; id < 2; ++id) {
    for (double g : gradient_of(parameters, id)) squares += g * g;
  }
  EXPECT_NEAR(gradient_norm(parameters) / std::sqrt(squares), 1.0, 1e-15);
}

TEST(GradientNorm, IsThatOfAllGradientsTogether) {
  norm_is_that_of_all_gradients<float>();
  norm_is_that_of_all_gradients<double>();
}

TEST(GradientNorm, DoesNotOverflowInFloat) {
  Parameters<float> parameters = some_gradients<float>();
  for (Index i = 0; i < parameters.gradients().size(); ++i) parameters.gradients()[i] = 0.0f;
  parameters.gradient(0)[0] = 3e30f;
  parameters.gradient(1)[0] = 4e30f;
  EXPECT_NEAR(gradient_norm(parameters) / 5e30, 1.0, 1e-6);
}

TEST(GradientNorm, TellsOfAnyGradientThatIsNotFinite) {
  for (Index at = 0; at < 15; ++at) {
    Parameters<float> parameters = some_gradients<float>();
    const Index place = parameters.spec(0).layout.place(at / 3, at % 3);
    parameters.gradient(0)[place] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(gradient_norm(parameters)));
    parameters.gradient(0)[place] = -std::numeric_limits<float>::infinity();
    EXPECT_TRUE(std::isinf(gradient_norm(parameters)));
  }
}

TEST(ClipCoefficient, IsTorchs) {
  EXPECT_EQ(clip_coefficient(3.0, 5.0), 1.0);
  EXPECT_EQ(clip_coefficient(5.0, 5.0), 5.0 / (5.0 + 1e-6));
  EXPECT_EQ(clip_coefficient(20.0, 5.0), 5.0 / (20.0 + 1e-6));
  EXPECT_EQ(clip_coefficient(0.0, 5.0), 1.0);
  EXPECT_EQ(clip_coefficient(1e9, 0.0), 1.0) << "0 means no clipping";
}

template <class S>
void values_are_clipped() {
  Parameters<S> parameters = some_gradients<S>();
  const AlignedBuffer<S> before = parameters.gradients();
  clip_values(parameters, 0.75);
  const S limit = S(0.75);
  for (Index i = 0; i < before.size(); ++i) {
    EXPECT_EQ(parameters.gradients()[i], std::min(limit, std::max(-limit, before[i])));
  }
}

TEST(ClipValues, CutsAtBothSides) {
  values_are_clipped<float>();
  values_are_clipped<double>();
}

TEST(ClipValues, LeavesNotANumberToBeSeen) {
  Parameters<float> parameters = some_gradients<float>();
  parameters.gradient(0)[0] = std::numeric_limits<float>::quiet_NaN();
  clip_values(parameters, 0.75);
  EXPECT_TRUE(std::isnan(parameters.gradient(0)[0]));
}

template <class S>
void both_bounds_hold() {
  const Parameters<S> before = some_gradients<S>();
  const double norm = gradient_norm(before);
  Parameters<S> clamped = some_gradients<S>();
  clip_values(clamped, 0.75);

  Parameters<S> parameters = some_gradients<S>();
  EXPECT_EQ(clip_gradients(parameters, norm, 0.5, 0.75), clip_coefficient(gradient_norm(clamped), 0.5));
  for (Index i = 0; i < clamped.gradients().size(); ++i) {
    EXPECT_EQ(parameters.gradients()[i], clamped.gradients()[i]);
  }

  Parameters<S> untouched = some_gradients<S>();
  EXPECT_EQ(clip_gradients(untouched, norm, 0.5, 0.0), clip_coefficient(norm, 0.5));
  for (Index i = 0; i < before.gradients().size(); ++i) {
    EXPECT_EQ(untouched.gradients()[i], before.gradients()[i]);
  }
}

TEST(ClipGradients, ClampsAndThenLooksAtTheNormThatIsLeft) {
  both_bounds_hold<float>();
  both_bounds_hold<double>();
}

}  // namespace
}  // namespace unroll::testing::clipping_test
