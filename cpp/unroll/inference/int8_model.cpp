#include "unroll/inference/int8_model.h"

#include <algorithm>

#include "unroll/math/lanes.h"
#include "unroll/nn/finite.h"
#include "unroll/nn/loss.h"

namespace unroll {

Int8Model::Int8Model(const LanguageModel<float>& model)
    : model_(model),
      cell_(cell<float>(model.config().network.cell)),
      width_(padded(model.config().network.hidden_size)),
      layers_(static_cast<std::size_t>(model.config().network.num_layers)) {}

void Int8Model::copy_weights() {
  if (version_ == model_.parameters().version()) return;
  version_ = model_.parameters().version();
  for (std::size_t k = 0; k < layers_.size(); ++k) copy_layer(k);
  quantise_weights(padded(config().vocab_size), config().network.hidden_size, parameter(head_weight()),
                   head_);
}

void Int8Model::copy_layer(std::size_t k) {
  const Index first = first_of_layer(k);
  const Index gates = cell_.gates * width_;
  Layer& layer = layers_[k];
  if (!reads_tokens(k)) quantise_weights(gates, features_into(k), parameter(first), layer.weight_ih);
  quantise_weights(gates, config().network.hidden_size, parameter(first + 1), layer.weight_hh);
  layer.biases.resize(cell_.slots * width_);
  layer.biases.fill_zero();
  float* hidden_part = layer.biases.data() + cell_.first_hidden_slot * width_;
  for (Index n = 0; n < gates; ++n) layer.biases[n] += parameter(first + 2)[n];
  for (Index n = 0; n < gates; ++n) hidden_part[n] += parameter(first + 3)[n];
}

/// gates = biases, and the columns of the tokens where there are any.
void Int8Model::start_sums(const Layer& layer, const float* token_columns, const TokenId* ids,
                           Index batch_size) {
  const Index slots = cell_.slots * width_;
  const Index gates = cell_.gates * width_;
  for (Index b = 0; b < batch_size; ++b) {
    float* row = gates_.data() + b * slots;
    std::copy_n(layer.biases.data(), slots, row);
    if (token_columns == nullptr) continue;
    const float* column = token_columns + ids[b] * gates;
    for (Index n = 0; n < gates; n += Lanes<float>::kWidth) store(row + n, load(row + n) + load(column + n));
  }
}

void Int8Model::step_layer(std::size_t k, const TokenId* ids, const float* x, Index batch_size,
                           StackState<float>& state) {
  const Layer& layer = layers_[k];
  const Index slots = cell_.slots * width_;
  start_sums(layer, reads_tokens(k) ? parameter(first_of_layer(k)) : nullptr, ids, batch_size);
  if (!reads_tokens(k)) {
    quantise_rows(batch_size, features_into(k), x, quantised_);
    add_product(layer.weight_ih, batch_size, quantised_, gates_.data(), slots);
  }
  float* h = state.h[k].data();
  quantise_rows(batch_size, config().network.hidden_size, h, quantised_);
  add_product(layer.weight_hh, batch_size, quantised_, gates_.data() + cell_.first_hidden_slot * width_,
              slots);
  // A cell reads a number of its states before it writes it, so that the new ones can take the place of the
  // old.
  float* c = cell_.has_cell_state ? state.c[k].data() : nullptr;
  cell_.forward({.rows = batch_size,
                 .width = width_,
                 .gates = gates_.data(),
                 .h_previous = h,
                 .c_previous = c,
                 .c = c,
                 .c_tanh = c_tanh_.data(),
                 .h = h});
}

void Int8Model::forward_step(const TokenId* ids, Index batch_size, StackState<float>& state, float* logits) {
  const Index width = padded(config().embedding_dim);
  for (Index b = 0; b < batch_size && width > 0; ++b) {
    std::copy_n(parameter(0) + ids[b] * width, width, embedded_.data() + b * width);
  }
  const float* x = embedded_.data();
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    step_layer(k, ids, x, batch_size, state);
    x = state.h[k].data();
  }
  const Index classes = padded(config().vocab_size);
  for (Index b = 0; b < batch_size; ++b)
    std::copy_n(parameter(head_weight() + 1), classes, logits + b * classes);
  quantise_rows(batch_size, config().network.hidden_size, x, quantised_);
  add_product(head_, batch_size, quantised_, logits, classes);
}

const float* Int8Model::forward(const TokenId* ids, Index seq_len, Index batch_size,
                                StackState<float>& state) {
  copy_weights();
  embedded_.resize(batch_size * padded(config().embedding_dim));
  gates_.resize(batch_size * cell_.slots * width_);
  c_tanh_.resize(batch_size * width_);
  const Index row = batch_size * padded(config().vocab_size);
  logits_.resize(seq_len * row);
  for (Index t = 0; t < seq_len; ++t)
    forward_step(ids + t * batch_size, batch_size, state, logits_.data() + t * row);
  return logits_.data();
}

double Int8Model::evaluate(const TokenId* ids, const TokenId* targets, Index seq_len, Index batch_size,
                           StackState<float>& state, double* log_probs) {
  forward(ids, seq_len, batch_size, state);
  expect_finite("LanguageModel", "a logit", seq_len * batch_size, config().vocab_size, logits_.data());
  return log_likelihood(seq_len * batch_size, config().vocab_size, logits_.data(), targets, log_probs);
}

}  // namespace unroll
