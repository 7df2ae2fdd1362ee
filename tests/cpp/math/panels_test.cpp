#include "unroll/math/panels.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "support/array.h"
#include "support/random.h"

namespace unroll::testing::panels_test {
namespace {

std::vector<Layout> layouts() {
  std::vector<Layout> all;
  for (Index block_rows : {1, 5, 8, 13}) {
    for (Index cols : {1, 3, 8, 11}) {
      for (LayoutKind kind : {LayoutKind::kPanels, LayoutKind::kTokenRows}) {
        all.push_back({.kind = kind, .rows = block_rows, .cols = cols, .block_rows = block_rows});
        all.push_back({.kind = kind,
                       .rows = 4 * block_rows,
                       .cols = cols,
                       .block_rows = block_rows,
                       .slot = {0, 1, 2, 3}});
        all.push_back({.kind = kind,
                       .rows = 3 * block_rows,
                       .cols = cols,
                       .block_rows = block_rows,
                       .slot = {1, 2, 0}});
      }
      all.push_back({.kind = LayoutKind::kRows, .rows = block_rows, .cols = cols, .block_rows = block_rows});
    }
    all.push_back(
        {.kind = LayoutKind::kVector, .rows = 3 * block_rows, .block_rows = block_rows, .slot = {0, 1, 2}});
    all.push_back(
        {.kind = LayoutKind::kVector, .rows = 3 * block_rows, .block_rows = block_rows, .slot = {1, 2, 0}});
  }
  return all;
}

std::string to_string(const Layout& layout) {
  return "kind " + std::to_string(static_cast<int>(layout.kind)) + ", " + std::to_string(layout.rows) +
         " x " + std::to_string(layout.cols) + " in blocks of " + std::to_string(layout.block_rows);
}

TEST(Layout, GivesEveryElementAPlaceOfItsOwn) {
  for (const Layout& layout : layouts()) {
    std::set<Index> places;
    for (Index r = 0; r < layout.rows; ++r) {
      for (Index c = 0; c < std::max<Index>(layout.cols, 1); ++c) {
        const Index place = layout.place(r, c);
        EXPECT_GE(place, 0);
        EXPECT_LT(place, layout.padded_size()) << to_string(layout);
        EXPECT_TRUE(places.insert(place).second) << to_string(layout) << " at " << r << ", " << c;
      }
    }
    EXPECT_EQ(static_cast<Index>(places.size()), layout.size());
  }
}

TEST(Layout, UnpackUndoesPackAndPaddingIsLeftAlone) {
  for (const Layout& layout : layouts()) {
    SCOPED_TRACE(to_string(layout));
    const Array<double> source = Random(1).array<double>(layout.size(), 1);
    Array<double> inside(layout.padded_size(), 1, 777.0), back(layout.size(), 1);
    pack(layout, source.data(), inside.data());
    unpack(layout, inside.data(), back.data());
    for (Index i = 0; i < source.size(); ++i) EXPECT_EQ(back[i], source[i]);
    const Index padding = std::count(inside.begin(), inside.end(), 777.0);
    EXPECT_EQ(padding, layout.padded_size() - layout.size());
  }
}

TEST(Layout, PanelsHoldEightOutputsSideBySide) {
  const Layout layout{.kind = LayoutKind::kPanels, .rows = 16, .cols = 3, .block_rows = 16};
  EXPECT_EQ(layout.place(0, 0), 0);
  EXPECT_EQ(layout.place(7, 0), 7);
  EXPECT_EQ(layout.place(0, 1), 8);
  EXPECT_EQ(layout.place(8, 0), 24);
}

TEST(Layout, GateBlocksArePaddedAndMovedToTheirSlots) {
  const Layout gru{.kind = LayoutKind::kVector, .rows = 15, .block_rows = 5, .slot = {1, 2, 0}};
  EXPECT_EQ(gru.place(0, 0), 8);   // r is the second slot
  EXPECT_EQ(gru.place(5, 0), 16);  // z the third
  EXPECT_EQ(gru.place(14, 0), 4);  // the last unit of n is in the first
  EXPECT_EQ(gru.padded_size(), 24);
}

TEST(TransposePanels, TurnsRowsIntoColumnsAndClearsThePadding) {
  for (Index n_size : {8, 16, 40}) {
    for (Index k_size : {1, 5, 8, 12}) {
      SCOPED_TRACE(std::to_string(n_size) + " x " + std::to_string(k_size));
      const Layout layout{.kind = LayoutKind::kPanels, .rows = n_size, .cols = k_size, .block_rows = n_size};
      const Array<float> w = Random(2).array<float>(n_size, k_size);
      Array<float> panels(layout.padded_size(), 1), transposed(padded(k_size) * n_size, 1, 777.0f);
      pack(layout, w.data(), panels.data());
      transpose_panels(n_size, k_size, panels.data(), transposed.data());
      for (Index k = 0; k < padded(k_size); ++k) {
        for (Index n = 0; n < n_size; ++n) {
          const float expected = k < k_size ? w(n, k) : 0.0f;
          EXPECT_EQ(transposed[(k / 8 * n_size + n) * 8 + k % 8], expected) << n << ", " << k;
        }
      }
    }
  }
}

TEST(TokenRowsToPanels, TurnsTokensIntoLanesAndClearsThePadding) {
  for (Index n_size : {8, 24}) {
    for (Index k_size : {1, 8, 11}) {
      SCOPED_TRACE(std::to_string(n_size) + " x " + std::to_string(k_size));
      const Layout layout{
          .kind = LayoutKind::kTokenRows, .rows = n_size, .cols = k_size, .block_rows = n_size};
      const Array<float> w = Random(3).array<float>(n_size, k_size);
      Array<float> rows(layout.padded_size(), 1), transposed(padded(k_size) * n_size, 1, 777.0f);
      pack(layout, w.data(), rows.data());
      token_rows_to_panels(n_size, k_size, rows.data(), transposed.data());
      for (Index k = 0; k < padded(k_size); ++k) {
        for (Index n = 0; n < n_size; ++n) {
          const float expected = k < k_size ? w(n, k) : 0.0f;
          EXPECT_EQ(transposed[(k / 8 * n_size + n) * 8 + k % 8], expected) << n << ", " << k;
        }
      }
    }
  }
}

TEST(Padded, IsTheNextMultipleOfEight) {
  EXPECT_EQ(padded(0), 0);
  EXPECT_EQ(padded(1), 8);
  EXPECT_EQ(padded(8), 8);
  EXPECT_EQ(padded(9), 16);
}

}  // namespace
}  // namespace unroll::testing::panels_test
