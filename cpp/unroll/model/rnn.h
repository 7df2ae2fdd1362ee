#pragma once

#include <span>
#include <vector>

#include "unroll/model/batch_order.h"
#include "unroll/model/config.h"
#include "unroll/model/gradient_flow.h"
#include "unroll/nn/stack.h"

namespace unroll {

/// torch.nn.RNN, GRU or LSTM over plain arrays in PyTorch's shapes:
///
///   x (T, B, input_size)    output (T, B, D*H)    h_0, c_0, h_n, c_n (L*D, B, H), entry k*D + d for layer k,
///   direction d
///
/// With lengths, sequence b has lengths[b] steps (any order, 1 <= lengths[b] <= T): x beyond them is not
/// read, output beyond them is zero, final states are those after each sequence's own last step, and the
/// reverse direction starts there; like torch.nn.utils.rnn.pack_padded_sequence(enforce_sorted=False) and
/// pad_packed_sequence.
template <class S>
class Rnn {
 public:
  explicit Rnn(const RnnConfig& config);

  const RnnConfig& config() const { return config_; }
  Parameters<S>& parameters() { return parameters_; }
  const Parameters<S>& parameters() const { return parameters_; }

  Index directions() const { return config_.network.bidirectional ? 2 : 1; }
  Index output_size() const { return directions() * config_.network.hidden_size; }
  bool has_cell_state() const { return cell<S>(config_.network.cell).has_cell_state; }

  /// What a forward pass reads. h_0 and c_0 may be null for zeros, lengths empty for T everywhere.
  struct Input {
    Index seq_len;
    Index batch_size;
    const S* x;
    const S* h_0 = nullptr;
    const S* c_0 = nullptr;
    std::span<const Index> lengths = {};
  };

  /// Throws Error(kInvalidArgument) for sizes or lengths out of range. c_n is not written for cells without
  /// one.
  void forward(const Input& input, Dropout dropout, Rng* rng, S* output, S* h_n, S* c_n);

  /// Gives the masks for Dropout::kKeep: for each layer but the last, (T, B, D*H) zeros and ones, which
  /// forward() scales by 1 / (1 - dropout). Takes effect at the next forward().
  void set_masks(Index seq_len, Index batch_size, std::span<const S* const> masks);

  /// Gradients of sum(output * g_output) + sum(h_n * g_h_n) + sum(c_n * g_c_n) of the last forward(), once
  /// for each forward(); each g may be null. Parameter gradients are set, d_x, d_h_0 and d_c_0 written.
  /// Throws Error(kWrongState) without a forward() before.
  void backward(const S* g_output, const S* g_h_n, const S* g_c_n, S* d_x, S* d_h_0, S* d_c_0);

  /// The same for loss = sum(h_n * g_h_n), and how its gradient flows. Throws Error(kInvalidArgument) unless
  /// the network has one direction and the last forward() had a batch of 1; it can then still go back.
  GradientFlow gradient_flow(const S* g_h_n, S* d_x, S* d_h_0, S* d_c_0);

 private:
  void check_masks(Index seq_len, Index batch_size) const;
  void spread_masks();
  void gather_state(const S* source, std::vector<AlignedBuffer<S>>& state) const;
  void scatter_state(const std::vector<AlignedBuffer<S>>& state, S* target) const;

  RnnConfig config_;
  Parameters<S> parameters_;
  Stack<S> stack_;
  BatchOrder order_;
  std::vector<std::vector<S>> masks_;
  AlignedBuffer<S> x_;  // (rows, padded(input_size))
  AlignedBuffer<S> d_x_;
  AlignedBuffer<S> d_output_;
  StackState<S> state_;
  bool can_go_back_ = false;
};

extern template class Rnn<float>;
extern template class Rnn<double>;

}  // namespace unroll
