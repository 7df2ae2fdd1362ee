#include "unroll/nn/stack.h"

#include "unroll/math/lanes.h"

namespace unroll {
namespace {

/// to[r][to_column + j] = from[r][from_column + j] for the features of one direction.
template <class S>
void copy_columns(Index rows, Index features, const S* from, Index from_stride, Index from_column, S* to,
                  Index to_stride, Index to_column) {
  for (Index r = 0; r < rows; ++r) {
    std::copy_n(from + r * from_stride + from_column, features, to + r * to_stride + to_column);
  }
}

template <class S>
void multiply_by(Index size, const S* mask, const S* from, S* to) {
  for (Index j = 0; j < size; j += Lanes<S>::kWidth) store(to + j, load(from + j) * load(mask + j));
}

}  // namespace

template <class S>
Stack<S>::Stack(const StackConfig& config, Parameters<S>& parameters) : config_(config) {
  for (Index layer = 0; layer < config.network.num_layers; ++layer) {
    for (Index direction = 0; direction < config.directions(); ++direction) {
      const bool reverse = direction == 1;
      layers_.push_back(std::make_unique<RecurrentLayer<S>>(
          LayerConfig{
              .cell = config.network.cell,
              .input_size = layer == 0 ? config.input_size : config.directions() * config.network.hidden_size,
              .hidden_size = config.network.hidden_size,
              .bias = config.network.bias,
              .one_hot = layer == 0 && config.one_hot,
              .reverse = reverse,
              .prefix = config.prefix,
              .suffix = "_l" + std::to_string(layer) + (reverse ? "_reverse" : "")},
          parameters));
    }
  }
  const auto layers = static_cast<std::size_t>(config.network.num_layers);
  outputs_.resize(layers);
  joined_.resize(layers);
  masks_.resize(layers);
  d_below_.resize(layers);
}

template <class S>
void Stack<S>::make_state(Index batch_size, StackState<S>& state) const {
  state.h.resize(layers_.size());
  state.c.resize(layers_.front()->cell().has_cell_state ? layers_.size() : 0);
  for (auto& buffer : state.h) buffer.resize(batch_size * padded(config_.network.hidden_size));
  for (auto& buffer : state.c) buffer.resize(batch_size * padded(config_.network.hidden_size));
  state.set_zero();
}

template <class S>
void Stack<S>::forward(const Parameters<S>& parameters, const LayerInput<S>& input, const Packing& packing,
                       const StackState<S>* initial, Dropout dropout, Rng* rng) {
  dropped_ = dropout != Dropout::kOff;
  for (Index layer = 0; layer < config_.network.num_layers; ++layer) {
    for (Index direction = 0; direction < config_.directions(); ++direction) {
      const auto k = static_cast<std::size_t>(layer * config_.directions() + direction);
      const S* h0 = initial == nullptr ? nullptr : initial->h[k].data();
      const S* c0 = initial == nullptr || initial->c.empty() ? nullptr : initial->c[k].data();
      layers_[k]->forward(parameters, input_of(layer, input), packing, h0, c0);
    }
    finish_output(layer, packing.rows(), dropout, rng);
  }
}

/// Joins the directions and drops. With one direction and nothing to drop, a layer's own buffer is its
/// output.
template <class S>
void Stack<S>::finish_output(Index layer, Index rows, Dropout dropout, Rng* rng) {
  const auto l = static_cast<std::size_t>(layer);
  const S* output = layer_at(layer, 0).output();
  const Index size = rows * output_stride();
  if (config_.network.bidirectional) {
    joined_[l].resize(size);
    for (Index direction = 0; direction < 2; ++direction) {
      copy_columns(rows, config_.network.hidden_size, layer_at(layer, direction).output(),
                   padded(config_.network.hidden_size), 0, joined_[l].data(), output_stride(),
                   direction * config_.network.hidden_size);
    }
    output = joined_[l].data();
  }
  if (drops(layer, dropout)) {
    if (dropout == Dropout::kDraw) draw_mask(layer, rows, *rng);
    joined_[l].resize(size);
    multiply_by(size, masks_[l].data(), output, joined_[l].data());
    output = joined_[l].data();
  }
  outputs_[l] = output;
}

/// Inverted dropout: m is 0 with probability p, else 1 / (1 - p), so that the mean of m y is y and nothing
/// needs to be scaled when nothing is dropped.
template <class S>
void Stack<S>::draw_mask(Index layer, Index rows, Rng& rng) {
  AlignedBuffer<S>& mask = this->mask(layer);
  mask.resize(rows * output_stride());
  const S keep = static_cast<S>(1.0 / (1.0 - config_.network.dropout));
  for (Index r = 0; r < rows; ++r) {
    S* row = mask.data() + r * output_stride();
    for (Index j = 0; j < output_size(); ++j) row[j] = rng.uniform() < config_.network.dropout ? S(0) : keep;
    std::fill(row + output_size(), row + output_stride(), S(0));
  }
}

template <class S>
void Stack<S>::copy_final_state(StackState<S>& state) const {
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    std::copy_n(layers_[k]->final_h(), state.h[k].size(), state.h[k].data());
    if (!state.c.empty()) std::copy_n(layers_[k]->final_c(), state.c[k].size(), state.c[k].data());
  }
}

/// From the last layer to the first. With y[l] the output of layer l:
///
///   y[l] = mask * [h forward, h backward]     dh of a direction = its columns of mask * dy[l]
///   both directions read y[l-1]               dy[l-1] = the sum of what the two give back
template <class S>
void Stack<S>::backward(Parameters<S>& parameters, const LayerInput<S>& input, const Packing& packing,
                        S* d_output, StackState<S>& d_state, S* d_input) {
  const Index rows = packing.rows();
  const Index width = padded(config_.network.hidden_size);
  for (Index layer = config_.network.num_layers - 1; layer >= 0; --layer) {
    S* d_below = d_input;
    if (layer > 0) {
      AlignedBuffer<S>& below = d_below_[static_cast<std::size_t>(layer - 1)];
      below.resize(rows * output_stride());
      d_below = below.data();
    }
    for (Index direction = 0; direction < config_.directions(); ++direction) {
      const auto k = static_cast<std::size_t>(layer * config_.directions() + direction);
      const S* d_own = d_output;
      if (config_.network.bidirectional) {
        d_direction_.resize(rows * width);
        d_direction_.fill_zero();
        copy_columns(rows, config_.network.hidden_size, d_output, output_stride(),
                     direction * config_.network.hidden_size, d_direction_.data(), width, 0);
        d_own = d_direction_.data();
      }
      layers_[k]->backward(parameters, input_of(layer, input), packing, d_own, d_state.h[k].data(),
                           d_state.c.empty() ? nullptr : d_state.c[k].data(),
                           direction == 0 ? Start::kZero : Start::kAdd, d_below);
    }
    if (layer > 0 && dropped_ && drops(layer - 1, Dropout::kKeep)) {
      multiply_by(rows * output_stride(), mask(layer - 1).data(), d_below, d_below);
    }
    d_output = d_below;
  }
}

template class Stack<float>;
template class Stack<double>;

}  // namespace unroll
