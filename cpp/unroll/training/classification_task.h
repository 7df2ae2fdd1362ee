#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "unroll/model/sequence_model.h"
#include "unroll/text/buckets.h"
#include "unroll/text/split.h"
#include "unroll/text/vocabulary.h"
#include "unroll/training/task.h"
#include "unroll/training/train_config.h"

namespace unroll {

/// Texts of a line each, and the class of each.
struct LabelledLines {
  std::u32string_view lines;  // with '\n' between two
  std::span<const TokenId> labels;
};

/// A classifier to start from, in place of one whose weights are drawn anew. It knows all characters.
struct StartingClassifier {
  const SequenceModel<float>& model;
  const Vocabulary& vocabulary;
};

/// A classifier that learns to tell to which class a line of characters belongs.
///
/// All lines are shuffled once, by the seed, and then split by position into training, validation and test
/// parts. In each epoch the training part is drawn anew into batches of about the same length, see
/// bucket_by_length(): which they are depends on the seed and the epoch alone. A replica reads its rows of
/// each batch, padded to the longest of them.
class ClassificationTask final : public Task {
 public:
  /// model.vocab_size is set from the lines. Throws like validate(); Error(kInvalidArgument) for a line that
  /// is empty or longer than kMaxSeqLen, and for a label that is no class; kShapeMismatch for another number
  /// of labels; kTextTooShort for a part without lines; with `start` also kNotInVocabulary, kNotFinite for
  /// its weights, and kInvalidConfig for other sizes.
  ClassificationTask(const SequenceModelConfig& model, const TrainConfig& config, const LabelledLines& data,
                     const StartingClassifier* start = nullptr);

  Parameters<float>& parameters() const override { return model_->parameters(); }
  void rewind() override;
  Loss next_loss_and_gradients() override;
  Index batches_per_epoch() const override { return (split_.train.size() - 1) / batch_size_ + 1; }
  std::int64_t epoch() const override { return epoch_; }
  void copy_progress(TaskProgress& progress) const override;
  void put_back(const TaskProgress& progress) override;
  Index carried_size() const override { return 0; }
  TaskIdentity identity() const override;
  /// Measures the accuracy beside the loss. Throws Error(kTextTooShort) for a part without lines.
  std::unique_ptr<TaskEvaluation> evaluate(Part part) const override;

  const std::shared_ptr<SequenceModel<float>>& model() const { return model_; }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  /// Lines of a part.
  Index size(Part part) const { return range(part).size(); }
  /// Of one replica, with room for the gradients of all.
  std::uint64_t memory_bytes() const;

  static constexpr Index kPoolBatches = 16;

 private:
  const TokenRange& range(Part part) const;
  /// Throws for labels that do not fit.
  void shuffle_data(const LabelledLines& data, Index classes, std::uint64_t seed);
  void draw_epoch();

  Shard shard_;
  Vocabulary vocabulary_;
  std::vector<std::vector<TokenId>> lines_;  // shuffled
  std::vector<TokenId> labels_;              // likewise
  std::string text_;                         // see TaskIdentity
  Split split_;
  Index batch_size_;  // of all replicas
  Index longest_ = 0;
  bool has_start_;
  std::shared_ptr<SequenceModel<float>> model_;
  AlignedBuffer<float> start_;  // the initial weights
  Rng dropout_rng_;
  std::int64_t epoch_ = 0;
  Index batch_ = 0;
  std::vector<std::vector<Index>> batches_;  // of this epoch; none until they are drawn
};

}  // namespace unroll
