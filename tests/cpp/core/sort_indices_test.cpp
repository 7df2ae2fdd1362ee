#include "unroll/core/sort_indices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "unroll/core/rng.h"

namespace unroll::testing::sort_indices_test {
namespace {

/// Of every size up to three levels of a heap and some beyond, with many values alike.
TEST(SortIndices, IsAStableSortOfRisingIndices) {
  Rng rng(1, Rng::Purpose::kTask);
  for (Index size = 0; size < 200; size = size < 20 ? size + 1 : size + 59) {
    for (const std::uint64_t values : {1u, 3u, 1000u}) {
      std::vector<std::uint64_t> keys;
      for (Index i = 0; i < size; ++i) keys.push_back(rng.below(values));
      const auto before = [&](Index a, Index b) {
        return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)];
      };
      std::vector<Index> sorted(keys.size());
      std::iota(sorted.begin(), sorted.end(), Index{0});
      std::vector<Index> expected = sorted;
      std::stable_sort(expected.begin(), expected.end(), before);
      sort_indices(sorted, before);
      EXPECT_EQ(sorted, expected);
      // From wherever they were.
      std::reverse(sorted.begin(), sorted.end());
      sort_indices(sorted, before);
      EXPECT_EQ(sorted, expected);
    }
  }
}

TEST(SortIndices, SortsSomeOfThem) {
  const std::vector<int> things = {5, 3, 9, 1, 7};
  std::vector<Index> some = {2, 4, 1};
  sort_indices(some, [&](Index a, Index b) {
    return things[static_cast<std::size_t>(a)] > things[static_cast<std::size_t>(b)];
  });
  EXPECT_EQ(some, (std::vector<Index>{2, 4, 1}));
  sort_indices(some, [&](Index a, Index b) {
    return things[static_cast<std::size_t>(a)] < things[static_cast<std::size_t>(b)];
  });
  EXPECT_EQ(some, (std::vector<Index>{1, 4, 2}));
}

}  // namespace
}  // namespace unroll::testing::sort_indices_test
