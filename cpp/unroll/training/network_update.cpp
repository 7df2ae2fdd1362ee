#include "unroll/training/network_update.h"

#include <cmath>
#include <string>

#include "unroll/nn/clipping.h"
#include "unroll/nn/finite.h"
#include "unroll/training/parameter_statistics.h"

namespace unroll {
namespace {

/// Of a number that is not finite.
void refuse(const char* who, const char* what, const Parameters<float>& parameters, Index id, double number) {
  expect_finite(who, (what + parameters.spec(id).name).c_str(), number);
}

}  // namespace

double update_network(const char* who, Parameters<float>& parameters, Optimizer<float>& optimizer,
                      double clip_norm, double clip_value) {
  const double norm = gradient_norm(parameters);
  if (!std::isfinite(norm))
    refuse(who, "the gradient of ", parameters, first_not_finite_gradient(parameters), norm);
  if (!optimizer.update(parameters, clip_gradients(parameters, norm, clip_norm, clip_value)))
    refuse(who, "after the update ", parameters, first_not_finite_value(parameters), HUGE_VAL);
  return norm;
}

}  // namespace unroll
