#pragma once

#include <algorithm>
#include <cmath>

#include "unroll/nn/parameters.h"

namespace unroll::testing {

/// How far a gradient may be from the central difference: the tolerance of a gradient check.
///
/// The difference has an error of its own, about eps^2 / 6 times the third derivative plus 1e-16 / eps times
/// the loss: some 1e-9 and 1e-12 for eps = 1e-4. So 1e-9 is the least difference that means anything, and the
/// error is taken relative to the gradient, but to no less than 1e-3:
///
///   error(a, n) = |a - n| / max(|a|, |n|, 1e-3) <= 1e-6
inline constexpr double kGradientTolerance = 1e-6;

inline double gradient_error(double analytic, double numeric) {
  return std::abs(analytic - numeric) / std::max({std::abs(analytic), std::abs(numeric), 1e-3});
}

/// The derivative of loss() by `at`, which is put back.
template <class Loss>
double central_difference(double& at, Loss&& loss) {
  constexpr double kEps = 1e-4;
  const double kept = at;
  at = kept + kEps;
  const double above = loss();
  at = kept - kEps;
  const double below = loss();
  at = kept;
  return (above - below) / (2.0 * kEps);
}

/// The worst gradient of a check, and how many there were.
struct GradientCheck {
  double worst = 0.0;
  Index compared = 0;

  void compare(double analytic, double numeric);
  void join(const GradientCheck& other);
};

/// Compares the gradient of every number of every parameter with the central difference of loss(), which is
/// called with the parameters changed.
template <class Loss>
void check_parameters(Parameters<double>& parameters, GradientCheck& check, Loss&& loss) {
  for (Index id = 0; id < parameters.count(); ++id) {
    const Layout& layout = parameters.spec(id).layout;
    const Index cols = std::max<Index>(layout.cols, 1);
    for (Index i = 0; i < layout.size(); ++i) {
      const Index place = layout.place(i / cols, i % cols);
      const double analytic = parameters.gradient(id)[place];
      check.compare(analytic, central_difference(parameters.value(id)[place], [&] {
                      parameters.changed();
                      return loss();
                    }));
      parameters.changed();
    }
  }
}

/// The same for `rows` rows of `features` numbers that are padded(features) apart.
template <class Loss>
void check_rows(AlignedBuffer<double>& values, const AlignedBuffer<double>& gradients, Index rows,
                Index features, GradientCheck& check, Loss&& loss) {
  for (Index r = 0; r < rows; ++r) {
    for (Index j = 0; j < features; ++j) {
      const Index at = r * padded(features) + j;
      check.compare(gradients[at], central_difference(values[at], loss));
    }
  }
}

}  // namespace unroll::testing
