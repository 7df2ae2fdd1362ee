#pragma once

#include <memory>
#include <optional>
#include <span>

#include "unroll/model/config.h"
#include "unroll/model/gradient_flow.h"
#include "unroll/nn/embedding.h"
#include "unroll/nn/linear.h"
#include "unroll/nn/mean_loss.h"
#include "unroll/nn/stack.h"

namespace unroll {

/// A character-level language model, trained to guess the next token at every position:
///
///   x[t] = onehot(ids[t]) or embedding(ids[t])      h[t] = stack(x[t], h[t-1])      logits[t] = head(h[t])
///   loss = mean over the T*B positions of -ln softmax(logits[t])[targets[t]]
///
/// Parameters, in the order of the state_dict: embedding.weight (V, E) when embedding_dim > 0;
/// rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0, ... ; head.weight (V, H), head.bias
/// (V). ids and targets are (T, B), time-major. The state is carried by the caller: what one call leaves in
/// `state` is where the next one starts, and gradients do not flow from one call to the one before.
template <class S>
class LanguageModel {
 public:
  /// Throws like validate(). The weights are drawn from config.network.seed.
  explicit LanguageModel(const ModelConfig& config);

  /// Another model with the same weights, which then go their own way.
  LanguageModel(const LanguageModel& other);

  const ModelConfig& config() const { return config_; }
  Parameters<S>& parameters() { return parameters_; }
  const Parameters<S>& parameters() const { return parameters_; }
  const Stack<S>& stack() const { return *stack_; }

  /// Draws the weights anew from config().network.seed: the same bits as after construction.
  void initialise();

  void make_state(Index batch_size, StackState<S>& state) const { stack_->make_state(batch_size, state); }

  /// Logits for all positions: T*B rows of padded(V) numbers, valid until the next call. `state` is read and
  /// advanced.
  const S* forward(const TokenId* ids, Index seq_len, Index batch_size, StackState<S>& state,
                   Dropout dropout = Dropout::kOff, Rng* rng = nullptr);

  /// One truncated window of back-propagation through time. Gradients are set, not added. Returns the mean
  /// loss in nats, over all positions or those that `options` count; throws Error(kInvalidArgument) when they
  /// count none, and then the gradients are as they were.
  double loss_and_gradients(const TokenId* ids, const TokenId* targets, Index seq_len, Index batch_size,
                            StackState<S>& state, Dropout dropout = Dropout::kOff, Rng* rng = nullptr,
                            const CrossEntropyOptions& options = {});

  /// The loss of the last forward(), which had these `ids`, and its gradients, as loss_and_gradients(). The
  /// logits are gone afterwards.
  double gradients_of_loss(const TokenId* ids, const TokenId* targets,
                           const CrossEntropyOptions& options = {});

  /// Gradient by the initial state of the last loss_and_gradients().
  const StackState<S>& d_initial_state() const { return d_state_; }

  /// How the loss -ln p(target) after the last of seq_len steps depends on all that one sequence brought
  /// there, from a zero state. Writes that loss; the parameter gradients are set to its own.
  GradientFlow gradient_flow(const TokenId* ids, Index seq_len, TokenId target, double& loss_nats);

  /// The sum of -ln p over the positions, in nats; `log_probs` (T*B places) may be null. `state` is read and
  /// advanced. Throws Error(kNotFinite) when a logit is no finite number.
  double evaluate(const TokenId* ids, const TokenId* targets, Index seq_len, Index batch_size,
                  StackState<S>& state, double* log_probs = nullptr);

 private:
  /// Makes all parts, with weights of zero.
  void build();

  /// Back from the gradient by the logits, which the loss left in their place; with wants_d_input down to the
  /// gradient by one-hot vectors as well.
  void backward(const TokenId* ids, bool wants_d_input);

  /// The stack's output for all positions; leaves the final state in `state`.
  void run_stack(const TokenId* ids, Index seq_len, Index batch_size, StackState<S>& state, Dropout dropout,
                 Rng* rng);

  ModelConfig config_;
  Parameters<S> parameters_;
  std::optional<Embedding<S>> embedding_;
  std::optional<Stack<S>> stack_;
  std::optional<Linear<S>> head_;

  Packing packing_;
  LayerInput<S> input_;
  AlignedBuffer<S> embedded_;  // (T*B, padded(E))
  AlignedBuffer<S> logits_;    // (T*B, padded(V)); after the loss: its gradient
  AlignedBuffer<S> d_output_;  // (T*B, padded(H))
  AlignedBuffer<S> d_input_;   // (T*B, padded(E)), or padded(V) where it is asked for
  StackState<S> d_state_;
};

extern template class LanguageModel<float>;
extern template class LanguageModel<double>;

}  // namespace unroll
