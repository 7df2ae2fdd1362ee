#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "unroll/core/types.h"

namespace unroll::testing {

/// |got - expected| / |expected| in the Frobenius norm; infinite when anything is not finite or when numbers
/// were expected to be zero and are not.
template <class Got, class Expected>
double relative_distance(const Got* got, const Expected* expected, Index size) {
  double difference = 0.0;
  double norm = 0.0;
  for (Index i = 0; i < size; ++i) {
    const double a = static_cast<double>(got[i]);
    const double b = static_cast<double>(expected[i]);
    difference += (a - b) * (a - b);
    norm += b * b;
  }
  if (difference == 0.0) return 0.0;
  const double distance = std::sqrt(difference / norm);
  return std::isfinite(distance) ? distance : HUGE_VAL;
}

/// The worst of several distances, each of which must stay within a tolerance.
class Distances {
 public:
  explicit Distances(double tolerance) : tolerance_(tolerance) {}

  template <class Got, class Expected>
  void expect(const std::string& what, const Got& got, const Expected& expected) {
    ASSERT_EQ(got.size(), expected.size()) << what;
    const double distance = relative_distance(got.data(), expected.data(), static_cast<Index>(got.size()));
    EXPECT_LE(distance, tolerance_) << what;
    worst_ = std::max(worst_, distance);
  }

  double worst() const { return worst_; }

 private:
  double tolerance_;
  double worst_ = 0.0;
};

}  // namespace unroll::testing
