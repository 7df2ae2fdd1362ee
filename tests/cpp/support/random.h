#pragma once

#include <vector>

#include "support/array.h"
#include "unroll/core/aligned_buffer.h"
#include "unroll/core/rng.h"

namespace unroll::testing {

/// Seeded numbers for tests: the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : rng_(seed, Rng::Purpose::kTask) {}

  double uniform(double low, double high) { return rng_.uniform(low, high); }

  template <class S>
  Array<S> array(Index rows, Index cols, double low = -1.0, double high = 1.0) {
    Array<S> result(rows, cols);
    for (S& x : result) x = static_cast<S>(uniform(low, high));
    return result;
  }

  std::vector<TokenId> tokens(Index count, Index vocab_size) {
    std::vector<TokenId> result;
    for (Index i = 0; i < count; ++i) {
      result.push_back(static_cast<TokenId>(rng_.below(static_cast<std::uint64_t>(vocab_size))));
    }
    return result;
  }

  /// Rows of `features` numbers, padded(features) apart, with zeros as padding.
  template <class S>
  void fill_rows(AlignedBuffer<S>& buffer, Index rows, Index features) {
    buffer.resize(rows * padded(features));
    buffer.fill_zero();
    for (Index r = 0; r < rows; ++r) {
      for (Index j = 0; j < features; ++j) {
        buffer[r * padded(features) + j] = static_cast<S>(uniform(-1.0, 1.0));
      }
    }
  }

 private:
  Rng rng_;
};

}  // namespace unroll::testing
