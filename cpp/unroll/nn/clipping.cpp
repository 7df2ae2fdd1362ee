#include "unroll/nn/clipping.h"

#include <cmath>
#include <cstring>

#include "unroll/math/lanes.h"

namespace unroll {

template <class S>
double gradient_norm(const Parameters<S>& parameters) {
  // Four running sums, one a lane, because one alone would wait for each addition.
  typedef S Four __attribute__((vector_size(4 * sizeof(S))));
  using FourDoubles = double __attribute__((vector_size(4 * sizeof(double))));
  FourDoubles sums = {};
  const AlignedBuffer<S>& gradients = parameters.gradients();
  for (Index i = 0; i < gradients.size(); i += 4) {
    Four four;
    std::memcpy(&four, gradients.data() + i, sizeof four);
    const FourDoubles g = __builtin_convertvector(four, FourDoubles);
    sums += g * g;
  }
  return std::sqrt((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

double clip_coefficient(double norm, double max_norm) {
  if (max_norm <= 0.0) return 1.0;
  return std::min(1.0, max_norm / (norm + 1e-6));
}

template <class S>
void clip_values(Parameters<S>& parameters, double limit) {
  AlignedBuffer<S>& gradients = parameters.gradients();
  const LaneVector<S> high = splat(static_cast<S>(limit));
  for (Index i = 0; i < gradients.size(); i += Lanes<S>::kWidth) {
    store(gradients.data() + i, lane_max(lane_min(load(gradients.data() + i), high), -high));
  }
}

template <class S>
double clip_gradients(Parameters<S>& parameters, double norm, double max_norm, double max_value) {
  if (max_value <= 0.0) return clip_coefficient(norm, max_norm);
  clip_values(parameters, max_value);
  return clip_coefficient(gradient_norm(parameters), max_norm);
}

template double gradient_norm(const Parameters<float>&);
template double gradient_norm(const Parameters<double>&);
template void clip_values(Parameters<float>&, double);
template void clip_values(Parameters<double>&, double);
template double clip_gradients(Parameters<float>&, double, double, double);
template double clip_gradients(Parameters<double>&, double, double, double);

}  // namespace unroll
