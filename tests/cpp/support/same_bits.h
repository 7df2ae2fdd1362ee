#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "support/array.h"

namespace unroll::testing {

/// Whether two arrays have the same size and the same bits; 0 and -0 differ.
template <class S>
::testing::AssertionResult same_bits(const Array<S>& a, const Array<S>& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) {
    return ::testing::AssertionFailure()
           << a.rows() << " x " << a.cols() << " against " << b.rows() << " x " << b.cols();
  }
  for (Index i = 0; i < a.size(); ++i) {
    if (std::memcmp(&a[i], &b[i], sizeof(S)) == 0) continue;
    return ::testing::AssertionFailure() << a[i] << " against " << b[i] << " at row " << i / a.cols()
                                         << ", column " << i % a.cols() << ", " << a[i] - b[i] << " apart";
  }
  return ::testing::AssertionSuccess();
}

}  // namespace unroll::testing
