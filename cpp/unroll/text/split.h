#pragma once

#include <array>

#include "unroll/core/types.h"

namespace unroll {

/// Where the parts of a text begin: training [0, validation_begin), validation [validation_begin,
/// test_begin), test the rest.
struct TextSplit {
  Index validation_begin;
  Index test_begin;
};

/// Splits `size` characters by position into fractions (training, validation, test):
///
///   validation_begin = floor(f0 * size)     test_begin = floor((f0 + f1) * size)
///
/// as text[:int(.9*N)], text[int(.9*N):int(.95*N)], text[int(.95*N):] in Python. When the fractions add up to
/// 1 the test part takes the rest. Throws Error(kInvalidConfig) unless training is above 0, the others at
/// least 0, and the sum 1 (to 1e-9).
TextSplit split_text(Index size, const std::array<double, 3>& fractions);

}  // namespace unroll
