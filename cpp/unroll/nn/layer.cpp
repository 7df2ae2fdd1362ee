#include "unroll/nn/layer.h"

#include <algorithm>
#include <cmath>

#include "unroll/math/lanes.h"

namespace unroll {

template <class S>
RecurrentLayer<S>::RecurrentLayer(const LayerConfig& config, Parameters<S>& parameters)
    : config_(config), cell_(unroll::cell<S>(config.cell)), width_(padded(config.hidden_size)) {
  const Index rows = cell_.gates * config.hidden_size;
  const double bound = 1.0 / std::sqrt(static_cast<double>(config.hidden_size));
  std::array<Index, kMaxGates> hidden_slot = cell_.hidden_slot;
  for (Index& slot : hidden_slot) slot -= cell_.first_hidden_slot;
  const auto add = [&](const char* name, LayoutKind kind, Index cols,
                       const std::array<Index, kMaxGates>& slot) {
    return parameters.add(
        {.name = config.prefix + name + config.suffix,
         .layout = {.kind = kind, .rows = rows, .cols = cols, .block_rows = config.hidden_size, .slot = slot},
         .bound = bound});
  };
  weight_ih_ = add("weight_ih", config.one_hot ? LayoutKind::kTokenRows : LayoutKind::kPanels,
                   config.input_size, cell_.input_slot);
  weight_hh_ = add("weight_hh", LayoutKind::kPanels, config.hidden_size, hidden_slot);
  if (config.bias) {
    bias_ih_ = add("bias_ih", LayoutKind::kVector, 0, cell_.input_slot);
    bias_hh_ = add("bias_hh", LayoutKind::kVector, 0, hidden_slot);
  }
}

template <class S>
void RecurrentLayer<S>::sum_biases(const Parameters<S>& parameters) {
  if (biases_version_ == parameters.version()) return;
  biases_version_ = parameters.version();
  biases_.resize(slots_width());
  biases_.fill_zero();
  if (!config_.bias) return;
  const S* bias_ih = parameters.value(bias_ih_);
  const S* bias_hh = parameters.value(bias_hh_);
  S* hidden_part = biases_.data() + cell_.first_hidden_slot * width_;
  for (Index n = 0; n < gates_width(); ++n) biases_[n] += bias_ih[n];
  for (Index n = 0; n < gates_width(); ++n) hidden_part[n] += bias_hh[n];
}

template <class S>
void RecurrentLayer<S>::transpose_weights(const Parameters<S>& parameters, bool input_weight) {
  if (transposed_version_ != parameters.version()) {
    transposed_version_ = parameters.version();
    weight_hh_transposed_.resize(width_ * gates_width());
    transpose_panels(gates_width(), config_.hidden_size, parameters.value(weight_hh_),
                     weight_hh_transposed_.data());
  }
  if (input_weight && input_transposed_version_ != parameters.version()) {
    input_transposed_version_ = parameters.version();
    weight_ih_transposed_.resize(padded(config_.input_size) * gates_width());
    if (config_.one_hot) {
      token_rows_to_panels(gates_width(), config_.input_size, parameters.value(weight_ih_),
                           weight_ih_transposed_.data());
    } else {
      transpose_panels(gates_width(), config_.input_size, parameters.value(weight_ih_),
                       weight_ih_transposed_.data());
    }
  }
}

/// a[t] = weight_ih x[t] + bias_ih + bias_hh, for all steps in one product, as no x[t] depends on a state.
/// The product with a one-hot vector is one column of weight_ih, and those lie in rows of their own.
template <class S>
void RecurrentLayer<S>::start_sums(const Parameters<S>& parameters, const LayerInput<S>& input, Index rows) {
  const Index slots = slots_width();
  const Index gates = gates_width();
  gates_.resize(rows * slots);
  const S* weight_ih = parameters.value(weight_ih_);
  for (Index r = 0; r < rows; ++r) {
    S* row = gates_.data() + r * slots;
    Index n = 0;
    if (input.tokens != nullptr) {
      const S* token_row = weight_ih + input.tokens[r] * gates;
      for (; n < gates; n += Lanes<S>::kWidth) store(row + n, load(biases_.data() + n) + load(token_row + n));
    }
    std::copy_n(biases_.data() + n, slots - n, row + n);
  }
  if (input.tokens == nullptr) {
    multiply(Start::kAdd, rows, gates, config_.input_size, input.rows, input.stride, weight_ih, gates_.data(),
             slots);
  }
}

/// Step by step what is left, as each h[t-1] is only known once its step is done:
///
///   a[t] += weight_hh h[t-1]          h[t], c[t] = cell(a[t], h[t-1], c[t-1])
template <class S>
void RecurrentLayer<S>::scan(const Parameters<S>& parameters, const Packing& packing) {
  const Index slots = slots_width();
  const S* weight_hh = parameters.value(weight_hh_);
  for (Index i = 0; i < packing.steps(); ++i) {
    const Index t = step_at(i, packing.steps());
    const Index rows = packing.rows_at(t);
    S* gates = gates_.data() + packing.offset(t) * slots;
    const S* h_previous = h_.previous(t);
    multiply(Start::kAdd, rows, gates_width(), config_.hidden_size, h_previous, width_, weight_hh,
             gates + cell_.first_hidden_slot * width_, slots);
    CellForward<S> step{.rows = rows,
                        .width = width_,
                        .gates = gates,
                        .h_previous = h_previous,
                        .c_previous = nullptr,
                        .c = nullptr,
                        .c_tanh = nullptr,
                        .h = h_.next(t)};
    if (cell_.has_cell_state) {
      step.c_previous = c_.previous(t);
      step.c = c_.next(t);
      step.c_tanh = c_tanh_.data() + packing.offset(t) * width_;
    }
    cell_.forward(step);
    h_.commit(t);
    if (cell_.has_cell_state) c_.commit(t);
  }
}

template <class S>
void RecurrentLayer<S>::forward(const Parameters<S>& parameters, const LayerInput<S>& input,
                                const Packing& packing, const S* h0, const S* c0) {
  sum_biases(parameters);
  start_sums(parameters, input, packing.rows());
  h_.begin(packing, width_, config_.reverse, h0);
  if (cell_.has_cell_state) {
    c_.begin(packing, width_, config_.reverse, c0);
    c_tanh_.resize(packing.rows() * width_);
  }
  scan(parameters, packing);
}

template <class S>
void RecurrentLayer<S>::keep_h_gradients(Index size, const S* d_output, const S* d_h, S* whole) const {
  for (Index j = 0; j < size; ++j) whole[j] = d_output == nullptr ? d_h[j] : d_h[j] + d_output[j];
}

/// Back-propagation through time, from the last step to the first. h[t] is read by the layer above, by the
/// sums of step t+1, and, in some cells, by step t+1 itself (the GRU's z h[t]); its gradient is the sum over
/// these readers. With da[t] the gradient by a[t]:
///
///   dh[t]   = d_output[t] + what step t+1 has left in d_h
///   da[t]   = dh[t] and dc[t] through the cell's derivative; it takes the place of the gates
///   dh[t-1] = transposed(weight_hh) da[t] + what the cell has left in d_h        dc[t-1]: the cell's alone
template <class S>
void RecurrentLayer<S>::scan_back(const Packing& packing, const S* d_output, S* d_h, S* d_c) {
  const Index slots = slots_width();
  if (keeps_state_gradients_) {
    h_gradients_.resize(packing.rows() * width_);
    c_gradients_.resize(packing.rows() * width_);
  }
  for (Index i = packing.steps() - 1; i >= 0; --i) {
    const Index t = step_at(i, packing.steps());
    const Index rows = packing.rows_at(t);
    const Index at = packing.offset(t) * width_;
    S* gates = gates_.data() + packing.offset(t) * slots;
    const S* d_above = d_output == nullptr ? nullptr : d_output + at;
    if (keeps_state_gradients_) keep_h_gradients(rows * width_, d_above, d_h, h_gradients_.data() + at);
    cell_.backward({.rows = rows,
                    .width = width_,
                    .gates = gates,
                    .h_previous = h_.previous_rows() + at,
                    .h = h_.next_rows() + at,
                    .c_previous = cell_.has_cell_state ? c_.previous_rows() + at : nullptr,
                    .c_tanh = cell_.has_cell_state ? c_tanh_.data() + at : nullptr,
                    .d_output = d_above,
                    .d_h = d_h,
                    .d_c = d_c,
                    .d_c_whole = keeps_state_gradients_ ? c_gradients_.data() + at : nullptr});
    multiply(Start::kAdd, rows, width_, gates_width(), gates + cell_.first_hidden_slot * width_, slots,
             weight_hh_transposed_.data(), d_h, width_);
  }
}

/// The same weights serve at every step, so that their gradients are sums over all steps and sequences, and
/// those are single products of what scan_back() has left:
///
///   d weight_hh = sum da[t] transposed(h[t-1])     d bias_ih = sum da[t] in the input's slots
///   d weight_ih = sum da[t] transposed(x[t])       d bias_hh = sum da[t] in the hidden slots
///
/// For a one-hot x[t] the outer product is da[t] in the column of its token.
template <class S>
void RecurrentLayer<S>::weight_gradients(Parameters<S>& parameters, const LayerInput<S>& input, Index rows) {
  const Index slots = slots_width();
  const Index gates = gates_width();
  const Index hidden_at = cell_.first_hidden_slot * width_;
  accumulate_outer(rows, gates, config_.hidden_size, gates_.data() + hidden_at, slots, h_.previous_rows(),
                   width_, parameters.gradient(weight_hh_), scratch_);
  S* d_weight_ih = parameters.gradient(weight_ih_);
  if (input.tokens != nullptr) {
    for (Index r = 0; r < rows; ++r) {
      S* token_row = d_weight_ih + input.tokens[r] * gates;
      const S* row = gates_.data() + r * slots;
      for (Index n = 0; n < gates; n += Lanes<S>::kWidth)
        store(token_row + n, load(token_row + n) + load(row + n));
    }
  } else {
    accumulate_outer(rows, gates, config_.input_size, gates_.data(), slots, input.rows, input.stride,
                     d_weight_ih, scratch_);
  }
  if (!config_.bias) return;
  d_biases_.resize(slots);
  d_biases_.fill_zero();
  accumulate_columns(rows, slots, gates_.data(), slots, d_biases_.data());
  S* d_bias_ih = parameters.gradient(bias_ih_);
  S* d_bias_hh = parameters.gradient(bias_hh_);
  for (Index n = 0; n < gates; ++n) d_bias_ih[n] += d_biases_[n];
  for (Index n = 0; n < gates; ++n) d_bias_hh[n] += d_biases_[hidden_at + n];
}

/// dx[t] = transposed(weight_ih) da[t], for all steps in one product.
template <class S>
void RecurrentLayer<S>::input_gradient(Index rows, Start start, S* d_input) const {
  const Index in = padded(config_.input_size);
  const Index gates = gates_width();
  multiply(start, rows, in, gates, gates_.data(), slots_width(), weight_ih_transposed_.data(), d_input, in);
}

template <class S>
void RecurrentLayer<S>::backward(Parameters<S>& parameters, const LayerInput<S>& input,
                                 const Packing& packing, const S* d_output, S* d_h, S* d_c, Start start,
                                 S* d_input) {
  transpose_weights(parameters, d_input != nullptr);
  scan_back(packing, d_output, d_h, d_c);
  weight_gradients(parameters, input, packing.rows());
  if (d_input != nullptr) input_gradient(packing.rows(), start, d_input);
}

template class RecurrentLayer<float>;
template class RecurrentLayer<double>;

}  // namespace unroll
