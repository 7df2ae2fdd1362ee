#pragma once

#include "unroll/core/types.h"

/// Numbers that are none: infinite where something became too large for its type, and NaN after that.
namespace unroll {

/// Whether none of them is infinite or not a number.
template <class S>
bool all_finite(Index size, const S* values);

/// Throws Error(kNotFinite) unless it is finite: `who` speaks, of `what`.
void expect_finite(const char* who, const char* what, double number);

/// The same for all of `rows` rows of `size` numbers, padded(size) apart. A network whose weights or states
/// have become too large says so here, before anything is chosen, added up or sorted by such a number.
template <class S>
void expect_finite(const char* who, const char* what, Index rows, Index size, const S* values);

/// Throws Error(kNotFinite) unless something can be chosen by these logits. Returns whether some of them are
/// minus infinity, for what is never to be chosen.
bool expect_choice(Index size, const float* logits);
/// Makes the probability of those zero.
void leave_out(Index size, const float* logits, float* probabilities);

}  // namespace unroll
