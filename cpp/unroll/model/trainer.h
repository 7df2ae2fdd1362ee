#pragma once

#include <memory>
#include <optional>
#include <string>

#include "unroll/model/evaluation.h"
#include "unroll/model/language_model.h"
#include "unroll/text/split.h"
#include "unroll/text/stream_batches.h"
#include "unroll/text/vocabulary.h"

namespace unroll {

/// Trains a language model on a text by truncated back-propagation through time.
///
/// The text is split by position into training, validation and test parts. A step takes the next chunk of
/// seq_len tokens of batch_size contiguous streams of the training part, computes the mean loss and its
/// gradients, clips them by their global norm and updates the weights. The state is zero at the start of each
/// epoch and carried, without gradients, from chunk to chunk.
///
/// What a step does depends on the configuration, the text and the number of steps before it, on nothing
/// else: not on evaluations or samples in between, nor on pauses.
class Trainer {
 public:
  enum class Part { kTrain, kValidation, kTest };

  /// `text`: code points. model.vocab_size is set from the text. Throws like validate(), and
  /// Error(kTextTooShort).
  Trainer(const ModelConfig& model, const TrainConfig& config, std::u32string_view text);

  struct Step {
    double loss_nats;      // mean over the chunk, before the update
    double gradient_norm;  // before clipping
  };

  /// One update. Throws Error(kNotFinite) when the loss or the gradient is not; the weights are then
  /// unchanged.
  Step step();

  std::int64_t steps() const { return steps_; }
  std::int64_t epoch() const { return batches_->position().epoch; }
  Index steps_per_epoch() const { return batches_->chunks_per_epoch(); }

  /// Back to the initial weights and the first chunk.
  void rewind();
  void set_learning_rate(double learning_rate) { optimizer_.set_learning_rate(learning_rate); }

  /// The tokens of a part.
  std::span<const TokenId> tokens(Part part) const;

  /// Starts an evaluation of the present weights over a whole part, as one stream from a zero state.
  /// Throws Error(kTextTooShort) when the part has fewer than two tokens.
  Evaluation evaluate(Part part) const;

  const std::shared_ptr<LanguageModel<float>>& model() const { return model_; }
  const std::shared_ptr<const Vocabulary>& vocabulary() const { return vocabulary_; }
  const TrainConfig& config() const { return config_; }

 private:
  TrainConfig config_;
  std::shared_ptr<const Vocabulary> vocabulary_;
  std::vector<TokenId> tokens_;
  Split split_;
  std::shared_ptr<LanguageModel<float>> model_;
  Optimizer<float> optimizer_;
  std::optional<StreamBatches> batches_;
  StackState<float> state_;
  Rng dropout_rng_;
  std::vector<TokenId> ids_;      // (T, B)
  std::vector<TokenId> targets_;  // (T, B)
  std::int64_t steps_ = 0;
};

}  // namespace unroll
