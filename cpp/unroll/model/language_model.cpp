#include "unroll/model/language_model.h"

#include <algorithm>

#include "unroll/nn/finite.h"
#include "unroll/nn/initialisation.h"
#include "unroll/nn/loss.h"

namespace unroll {

template <class S>
LanguageModel<S>::LanguageModel(const ModelConfig& config) : config_(config) {
  validate(config);
  build();
  initialise();
}

template <class S>
LanguageModel<S>::LanguageModel(const LanguageModel& other) : config_(other.config_) {
  build();
  parameters_.values() = other.parameters_.values();
  parameters_.changed();
}

template <class S>
void LanguageModel<S>::build() {
  const bool one_hot = config_.embedding_dim == 0;
  if (!one_hot) embedding_.emplace(config_.vocab_size, config_.embedding_dim, "embedding.", parameters_);
  stack_.emplace(StackConfig{.network = config_.network,
                             .input_size = one_hot ? config_.vocab_size : config_.embedding_dim,
                             .one_hot = one_hot,
                             .prefix = "rnn."},
                 parameters_);
  head_.emplace(config_.network.hidden_size, config_.vocab_size, "head.", parameters_);
  parameters_.allocate();
}

template <class S>
void LanguageModel<S>::initialise() {
  unroll::initialise(config_.network, parameters_);
}

template <class S>
void LanguageModel<S>::run_stack(const TokenId* ids, Index seq_len, Index batch_size, StackState<S>& state,
                                 Dropout dropout, Rng* rng) {
  packing_.set_full(seq_len, batch_size);
  input_ = {.tokens = ids};
  if (embedding_) {
    embedded_.resize(packing_.rows() * embedding_->stride());
    embedding_->forward(parameters_, packing_.rows(), ids, embedded_.data());
    input_ = {.rows = embedded_.data(), .stride = embedding_->stride()};
  }
  stack_->forward(parameters_, input_, packing_, &state, dropout, rng);
  stack_->copy_final_state(state);
}

template <class S>
const S* LanguageModel<S>::forward(const TokenId* ids, Index seq_len, Index batch_size, StackState<S>& state,
                                   Dropout dropout, Rng* rng) {
  run_stack(ids, seq_len, batch_size, state, dropout, rng);
  logits_.resize(packing_.rows() * head_->output_stride());
  head_->forward(parameters_, packing_.rows(), stack_->output(), stack_->output_stride(), logits_.data());
  return logits_.data();
}

template <class S>
double LanguageModel<S>::loss_and_gradients(const TokenId* ids, const TokenId* targets, Index seq_len,
                                            Index batch_size, StackState<S>& state, Dropout dropout, Rng* rng,
                                            const CrossEntropyOptions& options) {
  forward(ids, seq_len, batch_size, state, dropout, rng);
  return gradients_of_loss(ids, targets, options);
}

template <class S>
double LanguageModel<S>::gradients_of_loss(const TokenId* ids, const TokenId* targets,
                                           const CrossEntropyOptions& options) {
  const double loss =
      mean_cross_entropy(packing_.rows(), config_.vocab_size, logits_.data(), targets, options);
  backward(ids, false);
  return loss;
}

template <class S>
void LanguageModel<S>::backward(const TokenId* ids, bool wants_d_input) {
  const Index rows = packing_.rows();
  parameters_.zero_gradients();
  d_output_.resize(rows * stack_->output_stride());
  head_->backward(parameters_, rows, stack_->output(), stack_->output_stride(), logits_.data(),
                  d_output_.data());
  stack_->make_state(packing_.batch(), d_state_);
  const bool reads_vectors = embedding_ || wants_d_input;
  if (reads_vectors) d_input_.resize(rows * padded(stack_->config().input_size));
  stack_->backward(parameters_, input_, packing_, d_output_.data(), d_state_,
                   reads_vectors ? d_input_.data() : nullptr);
  if (embedding_) embedding_->backward(parameters_, rows, ids, d_input_.data());
}

template <class S>
GradientFlow LanguageModel<S>::gradient_flow(const TokenId* ids, Index seq_len, TokenId target,
                                             double& loss_nats) {
  make_state(1, d_state_);
  forward(ids, seq_len, 1, d_state_);
  S* last = logits_.data() + (seq_len - 1) * head_->output_stride();
  std::fill(logits_.data(), last, S(0));
  loss_nats = cross_entropy(1, config_.vocab_size, last, &target, S(1));
  stack_->keep_state_gradients(true);
  backward(ids, true);
  stack_->keep_state_gradients(false);
  return unroll::gradient_flow(*stack_, seq_len, d_state_, d_input_.data());
}

template <class S>
double LanguageModel<S>::evaluate(const TokenId* ids, const TokenId* targets, Index seq_len, Index batch_size,
                                  StackState<S>& state, double* log_probs) {
  forward(ids, seq_len, batch_size, state);
  expect_finite("LanguageModel", "a logit", packing_.rows(), config_.vocab_size, logits_.data());
  return log_likelihood(packing_.rows(), config_.vocab_size, logits_.data(), targets, log_probs);
}

template class LanguageModel<float>;
template class LanguageModel<double>;

}  // namespace unroll
