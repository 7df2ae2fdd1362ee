#pragma once

#include <algorithm>

#include "unroll/nn/stack.h"

namespace unroll {

/// The states of one sequence of a batch, moved to a place in another batch; both of rows of padded(H)
/// numbers.
inline void copy_state_row(const StackState<float>& from, Index from_row, StackState<float>& to, Index to_row,
                           Index hidden_size) {
  const Index width = padded(hidden_size);
  const auto copy = [&](const auto& source, auto& target) {
    for (std::size_t k = 0; k < source.size(); ++k) {
      std::copy_n(source[k].data() + from_row * width, width, target[k].data() + to_row * width);
    }
  };
  copy(from.h, to.h);
  copy(from.c, to.c);
}

}  // namespace unroll
