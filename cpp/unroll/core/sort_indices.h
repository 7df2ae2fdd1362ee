#pragma once

#include <span>

#include "unroll/core/types.h"

namespace unroll {

/// Sorts numbers that are all different by what they stand for: a comes first where before(a, b), the smaller
/// one where neither is before the other. In place, without allocation, in O(n log n).
///
/// One function for all who sort what is not hot: each instance of std::sort would be 2 kB of the module.
void sort_indices(std::span<Index> indices, const void* things,
                  bool (*before)(const void* things, Index a, Index b));

template <class Before>
void sort_indices(std::span<Index> indices, const Before& before) {
  sort_indices(indices, &before, [](const void* things, Index a, Index b) -> bool {
    return (*static_cast<const Before*>(things))(a, b);
  });
}

}  // namespace unroll
