#pragma once

#include <vector>

#include "unroll/math/int8_product.h"
#include "unroll/model/language_model.h"

namespace unroll {

/// A copy of a language model's matrices in 8 bits, a quarter of their memory, to read texts with:
///
///   a[t] = biases + weight_ih x[t] + weight_hh h[t-1]      h[t], c[t] = cell(a[t], h[t-1], c[t-1])
///   logits[t] = head.bias + head.weight h[t]
///
/// where the products are those of int8_product.h, with x[t] and h[t-1] in 16 bits, each row with a unit of
/// its own. What a step only looks up stays as it is: one-hot columns of weight_ih and embeddings; so do
/// biases, states and cells. A model whose float weights do not fit into the caches writes more than twice as
/// quickly for it. The perplexity of a trained LSTM, GRU or tanh network stays within 0.5 % of its own; that
/// of a small relu network, whose states have no bound, may move by some per cent.
///
/// The copy follows the model: after an update it is made anew at the next step.
class Int8Model {
 public:
  /// `model` must outlive the copy.
  explicit Int8Model(const LanguageModel<float>& model);

  /// As LanguageModel::forward(), without dropout.
  const float* forward(const TokenId* ids, Index seq_len, Index batch_size, StackState<float>& state);

  /// As LanguageModel::evaluate().
  double evaluate(const TokenId* ids, const TokenId* targets, Index seq_len, Index batch_size,
                  StackState<float>& state, double* log_probs = nullptr);

 private:
  struct Layer {
    Int8Matrix weight_ih;  // none where the layer reads tokens
    Int8Matrix weight_hh;
    AlignedBuffer<float> biases;  // (slots * width) both, in the cell's slots
  };

  void copy_weights();
  void copy_layer(std::size_t k);
  void forward_step(const TokenId* ids, Index batch_size, StackState<float>& state, float* logits);
  void step_layer(std::size_t k, const TokenId* ids, const float* x, Index batch_size,
                  StackState<float>& state);
  void start_sums(const Layer& layer, const float* token_columns, const TokenId* ids, Index batch_size);

  const ModelConfig& config() const { return model_.config(); }
  bool reads_tokens(std::size_t k) const { return k == 0 && config().embedding_dim == 0; }
  Index features_into(std::size_t k) const {
    return k == 0 ? config().embedding_dim : config().network.hidden_size;
  }

  /// Numbers of parameters in the order of the state_dict: weight_ih, weight_hh, bias_ih, bias_hh of layer k.
  Index first_of_layer(std::size_t k) const {
    return (config().embedding_dim > 0 ? 1 : 0) + 4 * static_cast<Index>(k);
  }
  Index head_weight() const { return first_of_layer(layers_.size()); }
  const float* parameter(Index id) const { return model_.parameters().value(id); }

  const LanguageModel<float>& model_;
  const Cell<float>& cell_;
  Index width_;  // padded(H)
  std::uint64_t version_ = 0;
  std::vector<Layer> layers_;
  Int8Matrix head_;

  Int16Rows quantised_;
  AlignedBuffer<float> embedded_;  // (B, padded(E))
  AlignedBuffer<float> gates_;     // (B, slots * width)
  AlignedBuffer<float> c_tanh_;    // (B, width)
  AlignedBuffer<float> logits_;    // (T, B, padded(V))
};

}  // namespace unroll
