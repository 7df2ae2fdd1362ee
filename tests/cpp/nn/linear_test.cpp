#include "unroll/nn/linear.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/distance.h"
#include "support/random.h"
#include "support/state_dict.h"

namespace unroll::testing::linear_test {
namespace {

/// A layer with random weights, its input and the gradient by its output.
template <class S>
struct Setting {
  Setting(Index rows, Index in, Index out) : linear(in, out, "head.", parameters) {
    parameters.allocate();
    Rng rng(3, Rng::Purpose::kInitialisation);
    parameters.initialise(rng);
    Random random(5);
    random.fill_rows(x, rows, in);
    random.fill_rows(d_y, rows, out);
  }

  Parameters<S> parameters;
  Linear<S> linear;
  AlignedBuffer<S> x, d_y;
};

template <class S>
void compare(Index rows, Index in, Index out, double tolerance) {
  SCOPED_TRACE(std::to_string(rows) + " rows, " + std::to_string(in) + " to " + std::to_string(out));
  Setting<S> s(rows, in, out);
  const Array<double> weight = value_of(s.parameters, 0);
  const Array<double> bias = value_of(s.parameters, 1);
  Array<double> y(rows, padded(out)), d_x(rows, padded(in)), d_weight(out, in), d_bias(out, 1);
  for (Index r = 0; r < rows; ++r) {
    for (Index n = 0; n < out; ++n) {
      const double d = static_cast<double>(s.d_y[r * padded(out) + n]);
      double sum = bias[n];
      for (Index k = 0; k < in; ++k) {
        const double x = static_cast<double>(s.x[r * padded(in) + k]);
        sum += weight(n, k) * x;
        d_x(r, k) += weight(n, k) * d;
        d_weight(n, k) += d * x;
      }
      y(r, n) = sum;
      d_bias[n] += d;
    }
  }
  AlignedBuffer<S> engine_y(rows * padded(out)), engine_d_x(rows * padded(in));
  s.linear.forward(s.parameters, rows, s.x.data(), padded(in), engine_y.data());
  s.linear.backward(s.parameters, rows, s.x.data(), padded(in), s.d_y.data(), engine_d_x.data());
  Distances distances(tolerance);
  distances.expect("y", engine_y, y);
  distances.expect("d_x", engine_d_x, d_x);
  distances.expect("d_weight", gradient_of(s.parameters, 0), d_weight);
  distances.expect("d_bias", gradient_of(s.parameters, 1), d_bias);
}

TEST(Linear, AgreesWithItsEquation) {
  for (Index rows : {1, 6, 13}) {
    for (Index in : {1, 5, 8, 19}) {
      for (Index out : {1, 7, 16, 33}) {
        compare<double>(rows, in, out, 1e-14);
        compare<float>(rows, in, out, 1e-6);
      }
    }
  }
}

TEST(Linear, StartsUniformInOneOverTheRootOfItsInputs) {
  const Setting<float> s(1, 100, 400);
  const double bound = 0.1;
  for (Index id : {0, 1}) {
    double largest = 0.0;
    for (double x : value_of(s.parameters, id)) largest = std::max(largest, std::abs(x));
    EXPECT_LE(largest, bound);
    EXPECT_GT(largest, 0.95 * bound);
  }
}

TEST(Linear, BackwardAddsToTheGradientsOfTheParametersOnly) {
  Setting<double> s(4, 5, 7);
  AlignedBuffer<double> d_x(4 * padded(5));
  s.linear.backward(s.parameters, 4, s.x.data(), padded(5), s.d_y.data(), d_x.data());
  const AlignedBuffer<double> once = s.parameters.gradients();
  const AlignedBuffer<double> d_x_once = d_x;
  s.linear.backward(s.parameters, 4, s.x.data(), padded(5), s.d_y.data(), d_x.data());
  for (Index i = 0; i < once.size(); ++i) EXPECT_NEAR(s.parameters.gradients()[i], 2.0 * once[i], 1e-14);
  for (Index i = 0; i < d_x.size(); ++i) EXPECT_EQ(d_x[i], d_x_once[i]);
}

TEST(Linear, SeesChangedWeightsInTheBackwardPass) {
  Setting<float> s(2, 5, 7);
  AlignedBuffer<float> before(2 * padded(5)), after(2 * padded(5));
  s.linear.backward(s.parameters, 2, s.x.data(), padded(5), s.d_y.data(), before.data());
  for (Index i = 0; i < s.parameters.values().size(); ++i) s.parameters.values()[i] *= 2.0f;
  s.parameters.changed();
  s.linear.backward(s.parameters, 2, s.x.data(), padded(5), s.d_y.data(), after.data());
  for (Index i = 0; i < before.size(); ++i) EXPECT_EQ(after[i], 2.0f * before[i]);
}

}  // namespace
}  // namespace unroll::testing::linear_test
