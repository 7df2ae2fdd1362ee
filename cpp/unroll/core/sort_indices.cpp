#include "unroll/core/sort_indices.h"

#include <cstddef>
#include <utility>

namespace unroll {

// Heap sort: the last of the first `size` indices is at the top of a heap, from where it goes to their end.
void sort_indices(std::span<Index> indices, const void* things,
                  bool (*before)(const void* things, Index a, Index b)) {
  const auto precedes = [&](std::size_t i, std::size_t j) {
    const Index a = indices[i], b = indices[j];
    return before(things, a, b) || (a < b && !before(things, b, a));
  };
  std::size_t size = indices.size();
  for (std::size_t begin = size / 2; size > 1;) {
    if (begin > 0) {
      --begin;
    } else {
      std::swap(indices[0], indices[--size]);
    }
    std::size_t parent = begin;
    for (std::size_t child = 0; (child = 2 * parent + 1) < size; parent = child) {
      if (child + 1 < size && precedes(child, child + 1)) ++child;
      if (!precedes(parent, child)) break;
      std::swap(indices[parent], indices[child]);
    }
  }
}

}  // namespace unroll
