#pragma once

#include <optional>
#include <span>
#include <vector>

#include "unroll/model/batch_order.h"
#include "unroll/model/config.h"
#include "unroll/nn/embedding.h"
#include "unroll/nn/linear.h"
#include "unroll/nn/mean_loss.h"
#include "unroll/nn/stack.h"

namespace unroll {

/// Sequences of different lengths -> embedding, one-hot or vectors -> recurrent stack over the packed batch
/// -> linear head -> loss:
///
///   x[t] = embedding(ids[t]), onehot(ids[t]) or x[t]
///   kLast   logits = head([h_forward after the last step, h_reverse after the first step])
///   kSteps  logits[t] = head([h_forward[t], h_reverse[t]])
///
/// Padding is not read and changes neither loss nor gradient by a bit. The final state of a sequence is that
/// after its own last step; its reverse direction starts there.
///
/// Parameters, in the order of the state_dict: embedding.weight (V, E) when embedding_dim > 0;
/// rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0, ... [_reverse]; head.weight (out,
/// D*H), head.bias (out).
template <class S>
class SequenceModel {
 public:
  /// Throws like validate(). The weights are drawn from config.network.seed.
  explicit SequenceModel(const SequenceModelConfig& config);

  const SequenceModelConfig& config() const { return config_; }
  Parameters<S>& parameters() { return parameters_; }
  const Parameters<S>& parameters() const { return parameters_; }
  const Stack<S>& stack() const { return *stack_; }

  /// B sequences in (T, B) order with padding behind the shorter ones.
  struct Batch {
    Index seq_len;
    Index batch_size;
    const TokenId* ids = nullptr;         // (T, B), for a model that reads tokens; padding may be anything
    const S* x = nullptr;                 // (T, B, input_size), for one that reads vectors
    std::span<const Index> lengths = {};  // in any order; empty: T everywhere
  };

  /// How many answers a batch has: B, or T * B of which those in the padding are none.
  Index answers(const Batch& batch) const {
    return config_.readout == Readout::kLast ? batch.batch_size : batch.seq_len * batch.batch_size;
  }

  /// The answers, `answers()` rows of output_size numbers in (B) or (T, B) order, zero in the padding; `out`
  /// may be null. Throws Error(kInvalidArgument or kTooBig) for what it cannot read, before anything is
  /// changed, and kNotFinite when an answer is no finite number; there is then no loss of it.
  void forward(const Batch& batch, Dropout dropout, Rng* rng, S* out);

  /// After a forward(): (B, D*H) what the head has read, for kLast; (L*D, B, H) the final hidden states.
  void copy_features(S* features) const;
  void copy_final_h(S* h_n) const;

  /// The loss after a forward(), once for each, and its gradients, which are set, not added.
  ///
  /// Throws Error(kNotFinite) when the loss is no finite number.
  ///
  /// targets: one class for each answer; what stands in the padding is not read. options.weights: one for
  /// each answer. row_losses: a place for each answer, or null; zero in the padding. See
  /// mean_cross_entropy().
  double cross_entropy_and_gradients(const TokenId* targets, const CrossEntropyOptions& options,
                                     double* row_losses = nullptr);
  /// targets: output_size numbers for each answer. See mean_squared_error().
  double squared_error_and_gradients(const S* targets, const RowWeights& weights,
                                     double* row_losses = nullptr);

  /// The loss alone.
  double cross_entropy(const TokenId* targets, const CrossEntropyOptions& options);
  double squared_error(const S* targets, const RowWeights& weights);

 private:
  void read_input(const Batch& batch);
  void gather_features();
  double row_cross_entropy(const TokenId* targets, const CrossEntropyOptions& options, double* row_losses);
  double row_squared_error(const S* targets, const RowWeights& weights, double* row_losses);
  void backward();
  void need_forward() const;

  /// Rows that the head reads, `head_stride()` numbers apart: kLast in the caller's order, kSteps as packed.
  Index head_rows() const;
  const S* head_input() const;
  /// Calls visit(row of the head, answer).
  template <class Visit>
  void for_each_answer(Visit visit) const;
  RowWeights weights_by_row(const RowWeights& weights);
  void scatter_losses(double* row_losses) const;

  SequenceModelConfig config_;
  Parameters<S> parameters_;
  std::optional<Embedding<S>> embedding_;
  std::optional<Stack<S>> stack_;
  std::optional<Linear<S>> head_;

  BatchOrder order_;
  LayerInput<S> input_;
  std::vector<TokenId> tokens_;  // (rows)
  AlignedBuffer<S> x_;           // (rows, padded(input_size or E))
  AlignedBuffer<S> d_x_;
  AlignedBuffer<S> features_;  // (B, padded(D*H))
  AlignedBuffer<S> d_features_;
  AlignedBuffer<S> d_output_;  // (rows, padded(D*H))
  AlignedBuffer<S> logits_;    // (head_rows, padded(out)); after the loss: its gradient
  StackState<S> d_state_;
  bool can_go_back_ = false;

  // What the caller gave by answer, by row of the head.
  std::vector<TokenId> row_targets_;
  std::vector<S> row_values_;
  std::vector<float> row_weights_;
  std::vector<double> row_losses_;
};

extern template class SequenceModel<float>;
extern template class SequenceModel<double>;

}  // namespace unroll
