#pragma once

#include "unroll/core/types.h"

/// A text cut into three pieces by position: what is trained on, what decides when to stop, and what is
/// looked at once, at the end. By position and not by chance, because neighbouring windows of a text share
/// sentences.
///
///   train [0, a)    validation [a, b)    test [b, N)        a = int(f1 * N)    b = int((f1 + f2) * N)
///
/// int() drops the fraction of the double product, as text[:int(.9 * N)] does in Python. The sum f1 + f2 is
/// first taken to twelve decimals: 0.7 + 0.1 is 0.7999999999999999 as a double, and nobody who writes 0.7 and
/// 0.1 means to lose a token by that. So b is what int(.8 * N) gives.
namespace unroll {

/// Shares of the text. train > 0, the others >= 0, together 1 (within 1e-9).
struct SplitFractions {
  double train = 0.9;
  double validation = 0.05;
  double test = 0.05;
};

/// Positions begin .. end-1.
struct TokenRange {
  Index begin = 0;
  Index end = 0;

  Index size() const { return end - begin; }
  bool operator==(const TokenRange&) const = default;
};

struct Split {
  TokenRange train;
  TokenRange validation;
  TokenRange test;
};

/// The three ranges of a text of `length` tokens: disjoint, in this order, and together all of it.
///
/// Throws Error: kInvalidArgument for fractions that are not as above or a negative length, kTextTooShort if
/// a piece whose fraction is not zero would be empty.
Split split_by_position(Index length, const SplitFractions& fractions);

}  // namespace unroll
