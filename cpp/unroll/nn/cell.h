#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "unroll/core/types.h"
#include "unroll/math/panels.h"

/// A cell is the pointwise part of a recurrent layer: what happens at one step after the matrix products.
///
/// The layer fills a row of `slots` blocks of padded(H) numbers for each sequence with
///
///   bias_ih + weight_ih x[t]     into the slots named by input_slot
///   bias_hh + weight_hh h[t-1]   into the slots named by hidden_slot, added where both meet
///
/// and calls forward(); after that the slots hold what backward() needs. backward() replaces them by the
/// gradients by these sums. Both slot ranges are contiguous, so that each product is one matrix product.
///
/// To add a cell: write one file like lstm.cpp, declare its function below, and add a line to the table in
/// cell.cpp.
namespace unroll {

enum class CellKind { kLstm, kGru, kRnnTanh, kRnnRelu };
inline constexpr CellKind kAllCells[] = {CellKind::kLstm, CellKind::kGru, CellKind::kRnnTanh,
                                         CellKind::kRnnRelu};

/// All arrays are `rows` rows; states are padded(H) = width numbers apart, slots `slots * width`.
template <class S>
struct CellForward {
  Index rows;
  Index width;
  S* gates;  // in: the sums; out: what backward() needs
  const S* h_previous;
  const S* c_previous;  // null without a cell state, as are the next two
  S* c;
  S* c_tanh;  // tanh(c[t]), kept for backward()
  S* h;
};

template <class S>
struct CellBackward {
  Index rows;
  Index width;
  S* gates;  // in: what forward() left; out: gradients by the sums
  const S* h_previous;
  const S* h;
  const S* c_previous;
  const S* c_tanh;
  const S* d_output;  // gradient by h[t] from above, or null when there is none
  S* d_h;  // in: gradient by h[t] from step t+1; out: the part of h[t-1]'s that bypasses the product
  S* d_c;  // in: gradient by c[t] from step t+1; out: gradient by c[t-1]
  S* d_c_whole =
      nullptr;  // out: all of the gradient by c[t], that through h[t] included; null when nobody asks
};

template <class S>
struct Cell {
  std::string_view name;
  std::array<std::string_view, kMaxGates>
      gate_names;  // PyTorch's blocks that forward() leaves as activations
  Index gates;
  Index slots;
  bool has_cell_state;
  std::array<Index, kMaxGates> input_slot;  // slot of PyTorch's gate block g
  std::array<Index, kMaxGates> hidden_slot;
  Index first_hidden_slot;  // input slots start at 0
  void (*forward)(const CellForward<S>&);
  void (*backward)(const CellBackward<S>&);
};

/// The table of cells. Throws Error(kInternal) for a kind that is not in it.
template <class S>
const Cell<S>& cell(CellKind kind);

/// "lstm", "gru", "rnn_tanh", "rnn_relu"; nothing for another word.
std::optional<CellKind> cell_kind(std::string_view name);

/// "lstm, gru, rnn_tanh or rnn_relu"
std::string cell_names();

/// The block of this letter among PyTorch's; nothing for a cell without it.
std::optional<Index> gate_block(CellKind kind, std::string_view letter);

/// Long short-term memory, as torch.nn.LSTM, with the sums a[t] in the blocks i, f, g, o:
///
///   i, f, o = sigmoid(a_i, a_f, a_o)    g = tanh(a_g)
///   c[t] = f * c[t-1] + i * g           h[t] = o * tanh(c[t])
///
/// Source: Hochreiter and Schmidhuber, Long short-term memory, 1997; the forget gate is that of Gers,
/// Schmidhuber and Cummins, Learning to forget, 2000.
template <class S>
const Cell<S>& lstm_cell();

/// Gated recurrent unit, as torch.nn.GRU, with the blocks r, z, n and the reset gate after the product:
///
///   r, z = sigmoid(a_r, a_z)    n = tanh(W_in x[t] + b_in + r * (W_hn h[t-1] + b_hn))
///   h[t] = (1 - z) * n + z * h[t-1]
///
/// Source: Cho et al., Learning phrase representations using RNN encoder-decoder, 2014, where r comes before
/// the product; the variant is that of https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
template <class S>
const Cell<S>& gru_cell();

/// Plain recurrence, as torch.nn.RNN: h[t] = tanh(a[t]).
///
/// Source: Elman, Finding structure in time, 1990.
template <class S>
const Cell<S>& rnn_tanh_cell();

/// The same with h[t] = max(0, a[t]).
template <class S>
const Cell<S>& rnn_relu_cell();

}  // namespace unroll
