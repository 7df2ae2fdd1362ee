#include "support/gradient_check.h"

#include <limits>

namespace unroll::testing {
namespace {

/// A gradient that is not a number is as wrong as can be. As a NaN it would not stay the worst, because
/// whatever comes next is neither larger nor smaller.
double worse(double worst, double error) {
  return std::max(worst, std::isnan(error) ? std::numeric_limits<double>::infinity() : error);
}

}  // namespace

void GradientCheck::compare(double analytic, double numeric) {
  worst = worse(worst, gradient_error(analytic, numeric));
  ++compared;
}

void GradientCheck::join(const GradientCheck& other) {
  worst = worse(worst, other.worst);
  compared += other.compared;
}

}  // namespace unroll::testing
