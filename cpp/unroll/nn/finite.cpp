#include "unroll/nn/finite.h"

#include <cmath>
#include <string>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/math/lanes.h"

namespace unroll {

template <class S>
bool all_finite(Index size, const S* values) {
  // x - x is 0, and not a number where x is infinite or none.
  LaneVector<S> lanes = splat(S(0));
  const Index whole = size / Lanes<S>::kWidth * Lanes<S>::kWidth;
  for (Index j = 0; j < whole; j += Lanes<S>::kWidth) lanes += load(values + j) - load(values + j);
  S of_lane[Lanes<S>::kWidth];
  store(of_lane, lanes);
  S sum = S(0);
  for (S own : of_lane) sum += own;
  for (Index j = whole; j < size; ++j) sum += values[j] - values[j];
  return sum == S(0);
}

void expect_finite(const char* who, const char* what, double number) {
  if (std::isfinite(number)) return;
  throw Error(ErrorCode::kNotFinite, std::string(who) + ": " + what + " is " + number_text(number) +
                                         ", expected a finite number; the weights may be too large");
}

template <class S>
void expect_finite(const char* who, const char* what, Index rows, Index size, const S* values) {
  for (Index r = 0; r < rows; ++r, values += padded(size)) {
    if (all_finite(size, values)) continue;
    for (Index j = 0; j < size; ++j) expect_finite(who, what, static_cast<double>(values[j]));
  }
}

bool expect_choice(Index size, const float* logits) {
  if (all_finite(size, logits)) return false;
  bool some = false;
  for (Index j = 0; j < size; ++j) {
    const bool left_out = logits[j] == -HUGE_VALF;
    some = some || !left_out;
    if (!left_out) expect_finite("Sampler", "a logit", static_cast<double>(logits[j]));
  }
  if (!some) expect_finite("Sampler", "every logit", -HUGE_VAL);
  return true;
}

void leave_out(Index size, const float* logits, float* probabilities) {
  for (Index j = 0; j < size; ++j) {
    if (logits[j] == -HUGE_VALF) probabilities[j] = 0.0f;
  }
}

template bool all_finite(Index, const float*);
template bool all_finite(Index, const double*);
template void expect_finite(const char*, const char*, Index, Index, const float*);
template void expect_finite(const char*, const char*, Index, Index, const double*);

}  // namespace unroll
