#include "unroll/nn/cell.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>

#include "support/expect_error.h"
#include "unroll/nn/optimizer.h"

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

TEST(Cell, BlocksHaveTheLettersOfPyTorch) {
  EXPECT_EQ(gate_block(CellKind::kLstm, "i"), 0);
  EXPECT_EQ(gate_block(CellKind::kLstm, "f"), 1);
  EXPECT_EQ(gate_block(CellKind::kGru, "n"), 2);
  EXPECT_EQ(gate_block(CellKind::kGru, "f"), std::nullopt);
  EXPECT_EQ(gate_block(CellKind::kRnnRelu, "f"), std::nullopt);
  EXPECT_EQ(cell_names(), "lstm, gru, rnn_tanh or rnn_relu");
}

/// A number that is no kind is not taken for one that is.
TEST(Cell, RefusesANumberThatIsNoKind) {
  for (int number : {-1, static_cast<int>(std::size(kAllCells)), 255}) {
    const auto kind = static_cast<CellKind>(number);
    expect_error(ErrorCode::kInternal, "none of its kinds", [&] { cell<float>(kind); });
    expect_error(ErrorCode::kInternal, "none of its kinds", [&] { cell<double>(kind); });
  }
  const auto optimizer = static_cast<OptimizerKind>(9);
  expect_error(ErrorCode::kInternal, "none of its kinds", [&] { to_string(optimizer); });
  expect_error(ErrorCode::kInternal, "none of its kinds", [&] { Optimizer<float>::slot_names(optimizer); });
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
