#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "unroll/model/language_model.h"
#include "unroll/text/split.h"
#include "unroll/text/stream_batches.h"
#include "unroll/text/vocabulary.h"
#include "unroll/training/starting_model.h"
#include "unroll/training/task.h"
#include "unroll/training/train_config.h"

namespace unroll {

/// A language model that learns a text by truncated back-propagation through time.
///
/// The text is split by position into training, validation and test parts. A batch is the next chunk of
/// seq_len tokens of batch_size contiguous streams of the training part, of which a replica reads its own.
/// The state is zero at the start of each epoch and carried, without gradients, from chunk to chunk.
///
/// Source: truncated back-propagation through time, Williams and Peng, 1990.
class LanguageTask final : public Task {
 public:
  /// `text`: code points. model.vocab_size is set from the text. Throws like validate(), and
  /// Error(kTextTooShort). With `start`, which is only read and need not stay, also like Vocabulary::encode()
  /// and expect_same_network(), and Error(kNotFinite) when its weights are not finite.
  LanguageTask(const ModelConfig& model, const TrainConfig& config, std::u32string_view text,
               const StartingModel* start = nullptr);

  Parameters<float>& parameters() const override { return model_->parameters(); }
  void rewind() override;
  Loss next_loss_and_gradients() override;
  Index batches_per_epoch() const override { return batches_->chunks_per_epoch(); }
  std::int64_t epoch() const override { return batches_->position().epoch; }
  void copy_progress(TaskProgress& progress) const override;
  void put_back(const TaskProgress& progress) override;
  Index carried_size() const override { return model_->config().network.hidden_size; }
  TaskIdentity identity() const override;

  /// As one stream from a zero state. Throws Error(kTextTooShort) when the part has fewer than two tokens.
  std::unique_ptr<TaskEvaluation> evaluate(Part part) const override;

  const std::shared_ptr<LanguageModel<float>>& model() const { return model_; }
  const std::shared_ptr<const Vocabulary>& vocabulary() const { return vocabulary_; }
  std::span<const TokenId> tokens(Part part) const;
  /// What it takes to train this one.
  ModelPlan cost() const;

 private:
  Shard shard_;
  std::shared_ptr<const Vocabulary> vocabulary_;
  std::vector<TokenId> tokens_;
  Index batch_size_;  // of all replicas
  StreamRange streams_;
  Index seq_len_;
  Split split_;
  std::optional<StreamBatches> batches_;
  std::shared_ptr<LanguageModel<float>> model_;
  AlignedBuffer<float> start_;  // the initial weights, unless they are drawn from the seed
  StackState<float> state_;
  Rng dropout_rng_;
  std::vector<TokenId> ids_;      // (T, B of this replica)
  std::vector<TokenId> targets_;  // (T, B of this replica)
};

/// Of one replica of a training: a model that reads its share of the batch, and room for the gradients of all
/// replicas. The only replica is an ordinary trainer, which receives none.
ModelPlan plan(const ModelConfig& model, const TrainConfig& train);

}  // namespace unroll
