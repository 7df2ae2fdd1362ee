#include "unroll/nn/cell.h"

#include <algorithm>
#include <iterator>

#include "unroll/core/error.h"

namespace unroll {

template <class S>
const Cell<S>& cell(CellKind kind) {
  switch (kind) {
    case CellKind::kLstm: return lstm_cell<S>();
    case CellKind::kGru: return gru_cell<S>();
    case CellKind::kRnnTanh: return rnn_tanh_cell<S>();
    case CellKind::kRnnRelu: return rnn_relu_cell<S>();
  }
  refuse_kind();
}

template const Cell<float>& cell(CellKind);
template const Cell<double>& cell(CellKind);

std::optional<CellKind> cell_kind(std::string_view name) {
  for (CellKind kind : kAllCells) {
    if (cell<float>(kind).name == name) return kind;
  }
  return std::nullopt;
}

std::string cell_names() {
  std::string names;
  for (CellKind kind : kAllCells) {
    if (!names.empty()) names += kind == *std::rbegin(kAllCells) ? " or " : ", ";
    names += cell<float>(kind).name;
  }
  return names;
}

std::optional<Index> gate_block(CellKind kind, std::string_view letter) {
  const auto& names = cell<float>(kind).gate_names;
  const auto found = std::find(names.begin(), names.end(), letter);
  if (found == names.end()) return std::nullopt;
  return found - names.begin();
}

}  // namespace unroll
