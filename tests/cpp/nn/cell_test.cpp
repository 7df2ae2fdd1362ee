#include "unroll/nn/cell.h"

#include <gtest/gtest.h>

#include <set>

namespace unroll::testing::cell_test {
namespace {

TEST(Cell, NamesLeadBackToTheirKind) {
  for (CellKind kind : kAllCells) {
    EXPECT_EQ(cell_kind(cell<float>(kind).name), kind);
    EXPECT_EQ(cell<float>(kind).name, cell<double>(kind).name);
  }
  EXPECT_EQ(cell_kind("rnn"), std::nullopt);
  EXPECT_EQ(cell_kind(""), std::nullopt);
}

/// What the layer relies on: each product writes one contiguous range of slots.
TEST(Cell, SlotsAreContiguousForEachProduct) {
  for (CellKind kind : kAllCells) {
    const Cell<float>& c = cell<float>(kind);
    std::set<Index> input, hidden;
    for (Index gate = 0; gate < c.gates; ++gate) {
      input.insert(c.input_slot[static_cast<std::size_t>(gate)]);
      hidden.insert(c.hidden_slot[static_cast<std::size_t>(gate)]);
    }
    EXPECT_EQ(static_cast<Index>(input.size()), c.gates) << c.name;
    EXPECT_EQ(*input.begin(), 0) << c.name;
    EXPECT_EQ(*input.rbegin(), c.gates - 1) << c.name;
    EXPECT_EQ(static_cast<Index>(hidden.size()), c.gates) << c.name;
    EXPECT_EQ(*hidden.begin(), c.first_hidden_slot) << c.name;
    EXPECT_EQ(*hidden.rbegin(), c.first_hidden_slot + c.gates - 1) << c.name;
    EXPECT_LE(c.first_hidden_slot + c.gates, c.slots) << c.name;
  }
}

}  // namespace
}  // namespace unroll::testing::cell_test
