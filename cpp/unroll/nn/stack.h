#pragma once

#include <memory>
#include <vector>

#include "unroll/nn/layer.h"
#include "unroll/nn/network_config.h"

namespace unroll {

struct StackConfig {
  NetworkConfig network;
  Index input_size = 0;
  bool one_hot = false;  // layer 0 reads tokens
  std::string prefix;    // of the parameter names

  Index directions() const { return network.directions(); }
};

/// The hidden and cell states of a stack, one entry for each layer k and direction d at index k * D + d, as
/// in PyTorch: B rows of padded(H) numbers. `c` is empty for cells without a cell state.
template <class S>
struct StackState {
  std::vector<AlignedBuffer<S>> h;
  std::vector<AlignedBuffer<S>> c;

  void set_zero() {
    for (auto& buffer : h) buffer.fill_zero();
    for (auto& buffer : c) buffer.fill_zero();
  }
};

/// Where the dropout masks of a forward pass come from.
enum class Dropout {
  kOff,   // evaluation: nothing is dropped and nothing is scaled
  kDraw,  // training: fresh masks from the generator, kept values scaled by 1 / (1 - p)
  kKeep,  // the masks of the last pass, or those that set_mask() gave
};

/// Layers on top of each other, each in one or two directions, as torch.nn.RNN, GRU and LSTM.
///
/// A layer's output is [forward, reverse] side by side, D*H features; it is the next layer's input, after
/// dropout.
///
/// Source: two directions, Schuster and Paliwal, Bidirectional recurrent neural networks, 1997; dropout
/// between layers only, Zaremba et al., Recurrent neural network regularization, 2014.
template <class S>
class Stack {
 public:
  /// Adds its parameters in PyTorch's order.
  Stack(const StackConfig& config, Parameters<S>& parameters);

  const StackConfig& config() const { return config_; }

  /// A state of zeros for B sequences. `state` is reused where it has the right size.
  void make_state(Index batch_size, StackState<S>& state) const;

  /// initial: null for zeros. rng is used for Dropout::kDraw only.
  void forward(const Parameters<S>& parameters, const LayerInput<S>& input, const Packing& packing,
               const StackState<S>* initial, Dropout dropout, Rng* rng);

  /// The last layer's output: packing.rows() rows of output_size() features, output_stride() apart.
  const S* output() const { return outputs_.back(); }
  Index output_size() const { return config_.directions() * config_.network.hidden_size; }
  Index output_stride() const { return padded(output_size()); }
  void copy_final_state(StackState<S>& state) const;

  /// Gradients of the last forward(), added to those of the parameters.
  /// d_output: like output(), is overwritten. d_state: in: by the final states, out: by the initial ones.
  /// d_input: rows of padded(input_size) numbers, or null.
  void backward(Parameters<S>& parameters, const LayerInput<S>& input, const Packing& packing, S* d_output,
                StackState<S>& d_state, S* d_input);

  /// The mask on the output of layer `layer`: rows of output_stride() numbers, 0 or 1 / (1 - p).
  AlignedBuffer<S>& mask(Index layer) { return masks_[static_cast<std::size_t>(layer)]; }

  /// Whether backward() keeps the gradients by all states: see RecurrentLayer::h_gradients().
  void keep_state_gradients(bool keep) {
    for (auto& layer : layers_) layer->keep_state_gradients(keep);
  }

  const RecurrentLayer<S>& layer(Index layer, Index direction) const {
    return *layers_[static_cast<std::size_t>(layer * config_.directions() + direction)];
  }

 private:
  RecurrentLayer<S>& layer_at(Index layer, Index direction) {
    return *layers_[static_cast<std::size_t>(layer * config_.directions() + direction)];
  }
  bool drops(Index layer, Dropout dropout) const {
    return dropout != Dropout::kOff && config_.network.dropout > 0.0 &&
           layer + 1 < config_.network.num_layers;
  }
  LayerInput<S> input_of(Index layer, const LayerInput<S>& input) const {
    if (layer == 0) return input;
    return {.rows = outputs_[static_cast<std::size_t>(layer - 1)], .stride = output_stride()};
  }
  void finish_output(Index layer, Index rows, Dropout dropout, Rng* rng);
  void draw_mask(Index layer, Index rows, Rng& rng);

  StackConfig config_;
  std::vector<std::unique_ptr<RecurrentLayer<S>>> layers_;
  std::vector<const S*> outputs_;         // of each layer, joined and after dropout
  std::vector<AlignedBuffer<S>> joined_;  // where that is not the layer's own buffer
  std::vector<AlignedBuffer<S>> masks_;
  AlignedBuffer<S> d_direction_;           // (rows, padded(H)) one direction's share of d_output
  std::vector<AlignedBuffer<S>> d_below_;  // gradient by the output of each layer but the last
  bool dropped_ = false;                   // in the last forward pass
};

extern template class Stack<float>;
extern template class Stack<double>;

}  // namespace unroll
