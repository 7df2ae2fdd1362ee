#include "unroll/model/rnn.h"

#include <algorithm>
#include <string>

#include "unroll/core/error.h"
#include "unroll/nn/initialisation.h"

namespace unroll {
namespace {

StackConfig stack_config(const RnnConfig& config) {
  validate(config);
  return {.network = config.network, .input_size = config.input_size, .prefix = ""};
}

}  // namespace

template <class S>
Rnn<S>::Rnn(const RnnConfig& config) : config_(config), stack_(stack_config(config), parameters_) {
  parameters_.allocate();
  initialise(config.network, parameters_);
}

template <class S>
void Rnn<S>::gather_state(const S* source, std::vector<AlignedBuffer<S>>& state) const {
  const Index size = config_.network.hidden_size;
  for (std::size_t k = 0; k < state.size(); ++k) {
    for (Index b = 0; b < order_.batch_size(); ++b) {
      const Index place = static_cast<Index>(k) * order_.batch_size() + order_.sequence(b);
      std::copy_n(source + place * size, size, state[k].data() + b * padded(size));
    }
  }
}

template <class S>
void Rnn<S>::scatter_state(const std::vector<AlignedBuffer<S>>& state, S* target) const {
  const Index size = config_.network.hidden_size;
  for (std::size_t k = 0; k < state.size(); ++k) {
    for (Index b = 0; b < order_.batch_size(); ++b) {
      const Index place = static_cast<Index>(k) * order_.batch_size() + order_.sequence(b);
      std::copy_n(state[k].data() + b * padded(size), size, target + place * size);
    }
  }
}

template <class S>
void Rnn<S>::set_masks(Index seq_len, Index batch_size, std::span<const S* const> masks) {
  const auto size = static_cast<std::size_t>(seq_len * batch_size * output_size());
  masks_.clear();
  for (const S* mask : masks) masks_.emplace_back(mask, mask + size);
}

template <class S>
void Rnn<S>::check_masks(Index seq_len, Index batch_size) const {
  const auto size = static_cast<std::size_t>(seq_len * batch_size * output_size());
  const bool fit =
      static_cast<Index>(masks_.size()) == config_.network.num_layers - 1 &&
      std::all_of(masks_.begin(), masks_.end(), [&](const auto& mask) { return mask.size() == size; });
  if (!fit) {
    throw Error(ErrorCode::kShapeMismatch,
                "Rnn::forward: the masks were given for another seq_len or batch_size; give masks of the "
                "output's shape");
  }
}

template <class S>
void Rnn<S>::spread_masks() {
  const S scale = static_cast<S>(1.0 / (1.0 - config_.network.dropout));
  for (std::size_t layer = 0; layer < masks_.size(); ++layer) {
    AlignedBuffer<S>& target = stack_.mask(static_cast<Index>(layer));
    target.resize(order_.packing().rows() * stack_.output_stride());
    target.fill_zero();
    order_.for_each_row([&](Index row, Index place) {
      for (Index j = 0; j < output_size(); ++j) {
        target[row * stack_.output_stride() + j] =
            scale * masks_[layer][static_cast<std::size_t>(place * output_size() + j)];
      }
    });
  }
}

template <class S>
void Rnn<S>::forward(const Input& input, Dropout dropout, Rng* rng, S* output, S* h_n, S* c_n) {
  BatchOrder::check("Rnn::forward", input.seq_len, input.batch_size, input.lengths);
  check_window(config_, input.batch_size, input.seq_len);
  if (dropout == Dropout::kKeep) check_masks(input.seq_len, input.batch_size);
  order_.set(input.seq_len, input.batch_size, input.lengths);
  const Index in = config_.input_size;
  x_.resize(order_.packing().rows() * padded(in));
  x_.fill_zero();
  order_.for_each_row(
      [&](Index row, Index place) { std::copy_n(input.x + place * in, in, x_.data() + row * padded(in)); });
  stack_.make_state(order_.batch_size(), state_);
  if (input.h_0 != nullptr) gather_state(input.h_0, state_.h);
  if (input.c_0 != nullptr) gather_state(input.c_0, state_.c);
  if (dropout == Dropout::kKeep) spread_masks();

  stack_.forward(parameters_, {.rows = x_.data(), .stride = padded(in)}, order_.packing(), &state_, dropout,
                 rng);
  stack_.copy_final_state(state_);
  can_go_back_ = true;

  const Index out = output_size();
  std::fill_n(output, order_.seq_len() * order_.batch_size() * out, S(0));
  order_.for_each_row([&](Index row, Index place) {
    std::copy_n(stack_.output() + row * stack_.output_stride(), out, output + place * out);
  });
  scatter_state(state_.h, h_n);
  if (has_cell_state()) scatter_state(state_.c, c_n);
}

template <class S>
void Rnn<S>::backward(const S* g_output, const S* g_h_n, const S* g_c_n, S* d_x, S* d_h_0, S* d_c_0) {
  if (!can_go_back_) {
    throw Error(ErrorCode::kWrongState,
                "Rnn::backward: there was no forward() before it; call forward() for each backward()");
  }
  can_go_back_ = false;
  const Index in = config_.input_size;
  const Index out = output_size();
  const Index stride = stack_.output_stride();
  d_output_.resize(order_.packing().rows() * stride);
  d_output_.fill_zero();
  if (g_output != nullptr) {
    order_.for_each_row([&](Index row, Index place) {
      std::copy_n(g_output + place * out, out, d_output_.data() + row * stride);
    });
  }
  stack_.make_state(order_.batch_size(), state_);
  if (g_h_n != nullptr) gather_state(g_h_n, state_.h);
  if (g_c_n != nullptr && has_cell_state()) gather_state(g_c_n, state_.c);
  d_x_.resize(order_.packing().rows() * padded(in));
  parameters_.zero_gradients();

  stack_.backward(parameters_, {.rows = x_.data(), .stride = padded(in)}, order_.packing(), d_output_.data(),
                  state_, d_x_.data());

  std::fill_n(d_x, order_.seq_len() * order_.batch_size() * in, S(0));
  order_.for_each_row(
      [&](Index row, Index place) { std::copy_n(d_x_.data() + row * padded(in), in, d_x + place * in); });
  scatter_state(state_.h, d_h_0);
  if (has_cell_state()) scatter_state(state_.c, d_c_0);
}

template <class S>
GradientFlow Rnn<S>::gradient_flow(const S* g_h_n, S* d_x, S* d_h_0, S* d_c_0) {
  if (config_.network.bidirectional || order_.batch_size() > 1) {
    throw Error(
        ErrorCode::kInvalidArgument,
        config_.network.bidirectional
            ? "Rnn::gradient_flow: the network is bidirectional; time lags are defined for one direction"
            : "Rnn::gradient_flow: batch_size is " + std::to_string(order_.batch_size()) + ", expected 1");
  }
  stack_.keep_state_gradients(can_go_back_);  // else backward() refuses, and nothing has changed
  backward(nullptr, g_h_n, nullptr, d_x, d_h_0, d_c_0);
  stack_.keep_state_gradients(false);
  return unroll::gradient_flow(stack_, order_.packing().steps(), state_, d_x_.data());
}

template class Rnn<float>;
template class Rnn<double>;

}  // namespace unroll
