#include "unroll/text/split.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "unroll/core/error.h"

namespace unroll {
namespace {

constexpr double kSumTolerance = 1e-9;

std::string in_words(const SplitFractions& f) {
  return std::to_string(f.train) + " / " + std::to_string(f.validation) + " / " + std::to_string(f.test);
}

void check(const SplitFractions& f) {
  // Written so that NaN fails every comparison.
  const bool in_range = f.train > 0 && f.validation >= 0 && f.test >= 0;
  const bool whole = std::abs(f.train + f.validation + f.test - 1) <= kSumTolerance;
  if (in_range && whole) return;
  throw Error(ErrorCode::kInvalidArgument,
              "split_by_position: fractions " + in_words(f) +
                  ", expected train above 0, validation and test at least 0, and a sum of 1");
}

/// The double that one would have typed for a sum of typed doubles. The quotient is correctly rounded, so a
/// number of up to twelve decimals comes out exactly as its literal.
double to_twelve_decimals(double x) {
  return std::round(x * 1e12) / 1e12;
}

Index boundary(double fraction, Index length) {
  return std::min(length, static_cast<Index>(fraction * static_cast<double>(length)));
}

void expect_filled(const char* name, const TokenRange& range, double fraction, Index length) {
  if (fraction == 0 || range.size() > 0) return;
  throw Error(ErrorCode::kTextTooShort, std::string("split_by_position: the ") + name +
                                            " part of a text of " + std::to_string(length) +
                                            " tokens would be empty (fraction " + std::to_string(fraction) +
                                            "); use a longer text or set this fraction to 0");
}

}  // namespace

Split split_by_position(Index length, const SplitFractions& fractions) {
  check(fractions);
  if (length < 0) {
    throw Error(ErrorCode::kInvalidArgument,
                "split_by_position: length " + std::to_string(length) + ", expected 0 or more");
  }
  const double until_validation = to_twelve_decimals(fractions.train + fractions.validation);
  const Index b = fractions.test == 0 ? length : boundary(until_validation, length);
  const Index a = fractions.validation == 0 ? b : std::min(b, boundary(fractions.train, length));
  const Split split{{0, a}, {a, b}, {b, length}};
  expect_filled("training", split.train, fractions.train, length);
  expect_filled("validation", split.validation, fractions.validation, length);
  expect_filled("test", split.test, fractions.test, length);
  return split;
}

}  // namespace unroll
