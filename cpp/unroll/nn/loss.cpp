#include "unroll/nn/loss.h"

#include <cmath>

#include "unroll/math/elementary.h"

namespace unroll {
namespace {

inline double largest_lane(double v) {
  return v;
}
inline float largest_lane(Floats v) {
  const float low = v[0] < v[1] ? v[1] : v[0];
  const float high = v[2] < v[3] ? v[3] : v[2];
  return low < high ? high : low;
}

inline double sum_of_lanes(double v) {
  return v;
}
inline float sum_of_lanes(Floats v) {
  return (v[0] + v[1]) + (v[2] + v[3]);
}

}  // namespace

template <class S>
S largest(Index size, const S* values) {
  constexpr Index kWidth = Lanes<S>::kWidth;
  S max = values[0];
  Index j = 0;
  if (size >= kWidth) {
    LaneVector<S> lanes = load(values);
    for (j = kWidth; j + kWidth <= size; j += kWidth) lanes = lane_max(lanes, load(values + j));
    max = largest_lane(lanes);
  }
  for (; j < size; ++j) max = values[j] > max ? values[j] : max;
  return max;
}

/// p[j] = exp(x[j]) / sum exp(x) = exp(x[j] - m) / sum exp(x - m) for any m. With the largest x for m no
/// exponent is above 0, so that nothing overflows, and one is 0, so that the sum is at least 1.
template <class S>
SoftmaxRow softmax(Index size, const S* logits, S scale, S* probabilities) {
  constexpr Index kWidth = Lanes<S>::kWidth;
  const S max = largest(size, logits);
  const Index whole = size / kWidth * kWidth;
  LaneVector<S> lanes = splat(S(0));
  for (Index j = 0; j < padded(size); j += kWidth) {
    const LaneVector<S> e = lane_exp(load(logits + j) - splat(max));
    if (j < whole) lanes += e;
    store(probabilities + j, e);
  }
  S sum = sum_of_lanes(lanes);
  for (Index j = whole; j < size; ++j) sum += probabilities[j];
  for (Index j = size; j < padded(size); ++j) probabilities[j] = S(0);
  const LaneVector<S> factor = splat(scale / sum);
  for (Index j = 0; j < padded(size); j += kWidth) store(probabilities + j, load(probabilities + j) * factor);
  return {.max = static_cast<double>(max), .log_sum = std::log(static_cast<double>(sum))};
}

/// With z = ln sum exp(x) the loss of a row is -ln p[y] = z - x[y], and as dz/dx[j] = exp(x[j]) / sum exp(x)
/// = p[j],
///
///   d loss / d x[j] = p[j] - (1 if j = y else 0)
///
/// so that the gradient is the softmax, with 1 taken off at the target.
template <class S>
double cross_entropy(Index rows, Index classes, S* logits, const TokenId* targets, S scale) {
  double total = 0.0;
  for (Index r = 0; r < rows; ++r) {
    S* row = logits + r * padded(classes);
    const double target_logit = static_cast<double>(row[targets[r]]);
    const auto [max, log_sum] = softmax(classes, row, scale, row);
    total += log_sum - (target_logit - max);
    row[targets[r]] -= scale;
  }
  return total;
}

template <class S>
double log_likelihood(Index rows, Index classes, S* logits, const TokenId* targets, double* log_probs) {
  double total = 0.0;
  for (Index r = 0; r < rows; ++r) {
    S* row = logits + r * padded(classes);
    const double target_logit = static_cast<double>(row[targets[r]]);
    const auto [max, log_sum] = softmax(classes, row, S(1), row);
    const double log_prob = target_logit - max - log_sum;
    if (log_probs != nullptr) log_probs[r] = log_prob;
    total -= log_prob;
  }
  return total;
}

template float largest(Index, const float*);
template double largest(Index, const double*);
template SoftmaxRow softmax(Index, const float*, float, float*);
template SoftmaxRow softmax(Index, const double*, double, double*);
template double cross_entropy(Index, Index, float*, const TokenId*, float);
template double cross_entropy(Index, Index, double*, const TokenId*, double);
template double log_likelihood(Index, Index, float*, const TokenId*, double*);
template double log_likelihood(Index, Index, double*, const TokenId*, double*);

}  // namespace unroll
