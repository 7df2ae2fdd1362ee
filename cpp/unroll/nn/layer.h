#pragma once

#include <string>

#include "unroll/math/gemm.h"
#include "unroll/nn/cell.h"
#include "unroll/nn/packing.h"
#include "unroll/nn/parameters.h"
#include "unroll/nn/state_tape.h"

namespace unroll {

/// What a layer reads: the rows of a packing, either as tokens, whose one-hot vectors are never built, or as
/// vectors that lie `stride` numbers apart.
template <class S>
struct LayerInput {
  const TokenId* tokens = nullptr;
  const S* rows = nullptr;
  Index stride = 0;
};

struct LayerConfig {
  CellKind cell = CellKind::kLstm;
  Index input_size = 0;
  Index hidden_size = 0;
  bool bias = true;
  bool one_hot = false;  // the input is tokens
  bool reverse = false;  // scans from the last step to the first
  std::string prefix;    // of the parameter names, for instance "rnn."
  std::string suffix;    // "_l0", "_l0_reverse"
};

/// One recurrent layer in one direction: it owns the products, the cell does the rest.
///
///   a[t] = weight_ih x[t] + bias_ih + weight_hh h[t-1] + bias_hh          (in the cell's slots, see cell.h)
///   h[t], c[t] = cell(a[t], h[t-1], c[t-1])
///
///   weight_ih (G*H, input_size)   weight_hh (G*H, H)   bias_ih, bias_hh (G*H)
///
/// with PyTorch's names, shapes and order of gates.
///
/// Source: back-propagation through time, Werbos, 1990.
///
/// The input's contribution is one product for all steps (or a look-up for tokens), the state's is one
/// product a step, the gradients by the weights are one product each after the last step.
template <class S>
class RecurrentLayer {
 public:
  /// Adds its parameters to `parameters`.
  RecurrentLayer(const LayerConfig& config, Parameters<S>& parameters);

  /// h0, c0: B rows of width() (null: zeros). Results are valid until the next forward().
  void forward(const Parameters<S>& parameters, const LayerInput<S>& input, const Packing& packing,
               const S* h0, const S* c0);

  /// Whether backward() keeps the gradients by all states, for probes.
  void keep_state_gradients(bool keep) { keeps_state_gradients_ = keep; }

  /// Gradients of the last forward(), added to those of the parameters.
  ///
  /// d_output: gradient by output(), or null. d_h, d_c: B rows; in: gradient by the final states, out: by the
  /// initial ones. d_input: rows of padded(input_size) numbers, or null when nobody asks; `start` says
  /// whether it is added to. Overwrites what the forward pass left, so that it can be called once for each
  /// forward().
  void backward(Parameters<S>& parameters, const LayerInput<S>& input, const Packing& packing,
                const S* d_output, S* d_h, S* d_c, Start start, S* d_input);

  Index width() const { return width_; }
  const S* output() const { return h_.next_rows(); }  // rows of width()
  const S* final_h() const { return h_.final_state(); }
  const S* final_c() const { return c_.final_state(); }
  const Cell<S>& cell() const { return cell_; }
  /// Between forward() and backward(): the rows of slots as the cell left them, and the cell states.
  const S* gates() const { return gates_.data(); }
  const S* cell_states() const { return c_.next_rows(); }
  /// After backward(), when they were kept: rows of width(), all of the gradient by h[t] and by c[t] in the
  /// packing's order. They are two nodes: that by h[t] comes from the output and the gates of step t+1, that
  /// by c[t] through h[t] and c[t+1]. Those by the initial states are what backward() left in d_h and d_c.
  const S* h_gradients() const { return h_gradients_.data(); }
  const S* c_gradients() const { return c_gradients_.data(); }

 private:
  Index slots_width() const { return cell_.slots * width_; }
  Index gates_width() const { return cell_.gates * width_; }

  void sum_biases(const Parameters<S>& parameters);
  void transpose_weights(const Parameters<S>& parameters, bool input_weight);
  void start_sums(const Parameters<S>& parameters, const LayerInput<S>& input, Index rows);
  void scan(const Parameters<S>& parameters, const Packing& packing);
  void scan_back(const Packing& packing, const S* d_output, S* d_h, S* d_c);
  void keep_h_gradients(Index size, const S* d_output, const S* d_h, S* whole) const;
  void input_gradient(Index rows, Start start, S* d_input) const;
  void weight_gradients(Parameters<S>& parameters, const LayerInput<S>& input, Index rows);

  /// The step that is visited at position `i` of the scan.
  Index step_at(Index i, Index steps) const { return config_.reverse ? steps - 1 - i : i; }

  LayerConfig config_;
  const Cell<S>& cell_;
  Index width_;  // padded(H)
  Index weight_ih_, weight_hh_, bias_ih_ = -1, bias_hh_ = -1;

  // Derived from the parameters, once for each of their versions.
  std::uint64_t biases_version_ = 0, transposed_version_ = 0, input_transposed_version_ = 0;
  AlignedBuffer<S> biases_;                // (slots * width) both biases, in the slots
  AlignedBuffer<S> weight_hh_transposed_;  // [width/8][G*width][8]
  AlignedBuffer<S> weight_ih_transposed_;  // [padded(input_size)/8][G*width][8]

  AlignedBuffer<S> gates_;     // (rows, slots * width)
  AlignedBuffer<S> c_tanh_;    // (rows, width)
  AlignedBuffer<S> d_biases_;  // (slots * width)
  bool keeps_state_gradients_ = false;
  AlignedBuffer<S> h_gradients_;  // (rows, width)
  AlignedBuffer<S> c_gradients_;  // (rows, width)
  StateTape<S> h_;
  StateTape<S> c_;
  OuterScratch<S> scratch_;
};

extern template class RecurrentLayer<float>;
extern template class RecurrentLayer<double>;

}  // namespace unroll
