#include "unroll/training/classification_task.h"

#include <algorithm>
#include <limits>
#include <string>

#include "unroll/core/error.h"
#include "unroll/model/config_words.h"
#include "unroll/model/state_dict.h"
#include "unroll/nn/initialisation.h"
#include "unroll/text/padding.h"
#include "unroll/training/data_hash.h"
#include "unroll/training/trainer_state.h"

namespace unroll {
namespace {

/// Lines that are read side by side in an evaluation, or as many as a batch has.
constexpr Index kPiece = 64;

/// `what` comes before the number of the one that is wrong.
void expect_between(const char* what, std::int64_t number, Index value, Index low, Index high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::kInvalidArgument, "Trainer: " + std::string(what) + std::to_string(number) + " is " +
                                               std::to_string(value) + ", expected " + std::to_string(low) +
                                               " to " + std::to_string(high));
}

/// '\n' is between lines, and in none.
Vocabulary vocabulary_of(std::u32string_view lines, const StartingClassifier* start) {
  if (start != nullptr) return start->vocabulary;
  std::u32string characters = Vocabulary::from_text(lines).characters();
  const std::size_t line_end = characters.find(U'\n');
  if (line_end != std::u32string::npos) characters.erase(line_end, 1);
  return Vocabulary(std::move(characters));
}

std::vector<std::vector<TokenId>> tokens_of(std::u32string_view lines, const Vocabulary& vocabulary) {
  std::vector<std::vector<TokenId>> all;
  for (std::size_t begin = 0; begin <= lines.size();) {
    const std::size_t end = std::min(lines.find(U'\n', begin), lines.size());
    expect_between("the length of line ", static_cast<Index>(all.size()), static_cast<Index>(end - begin), 1,
                   kMaxSeqLen);
    all.push_back(vocabulary.encode(lines.substr(begin, end - begin), "Trainer"));
    begin = end + 1;
  }
  return all;
}

std::string describe(const SequenceModelConfig& c) {
  const NetworkConfig& network = c.network;
  std::string text = "task=classification cell=" + std::string(cell<float>(network.cell).name);
  text += " init=" + std::string(to_string(network.init));
  return text + words({{"vocab_size", c.vocab_size},
                       {"hidden_size", network.hidden_size},
                       {"num_layers", network.num_layers},
                       {"bidirectional", network.bidirectional},
                       {"bias", network.bias},
                       {"embedding_dim", c.embedding_dim},
                       {"padding_idx", c.padding_idx},
                       {"classes", c.output_size},
                       {"every_step", c.readout == Readout::kSteps},
                       {"dropout", network.dropout},
                       {"forget_bias", network.forget_bias},
                       {"seed", network.seed}});
}

/// What has to be alike in a classifier to start from: all but how its weights were drawn.
void expect_same_network(SequenceModelConfig config, const SequenceModelConfig& start) {
  config.padding_idx = start.padding_idx;
  config.network.dropout = start.network.dropout;
  config.network.init = start.network.init;
  config.network.forget_bias = start.network.forget_bias;
  config.network.seed = start.network.seed;
  const std::string here = describe(config), there = describe(start);
  if (here == there) return;
  throw Error(ErrorCode::kInvalidConfig,
              "Trainer: got " + first_difference(here, there) + ", as the model to start from");
}

class ClassificationEvaluation final : public TaskEvaluation {
 public:
  /// The lines and labels must outlive it.
  ClassificationEvaluation(const SequenceModel<float>& model, std::span<const std::vector<TokenId>> lines,
                           std::span<const TokenId> labels, Index batch_size)
      : model_(model.config()), lines_(lines), labels_(labels), piece_(std::min(kPiece, batch_size)) {
    model_.parameters().values() = model.parameters().values();
    model_.parameters().changed();
  }

  void advance() override {
    const Index count = std::min(piece_, static_cast<Index>(lines_.size()) - positions_);
    if (count <= 0) return;
    std::vector<Index> chosen(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i) chosen[static_cast<std::size_t>(i)] = positions_ + i;
    const PaddedBatch batch = pad_sequences(lines_, chosen, 0);
    const Index classes = model_.config().output_size;
    std::vector<float> logits(static_cast<std::size_t>(count * classes));
    model_.forward(
        {.seq_len = batch.seq_len, .batch_size = count, .ids = batch.ids.data(), .lengths = batch.lengths},
        Dropout::kOff, nullptr, logits.data());
    const TokenId* labels = labels_.data() + positions_;
    total_nats_ += model_.cross_entropy(labels, {}) * static_cast<double>(count);
    for (Index i = 0; i < count; ++i) {
      const float* row = logits.data() + i * classes;
      if (std::max_element(row, row + classes) - row == labels[i]) ++right_;
    }
    positions_ += count;
  }
  bool done() const override { return positions_ == static_cast<Index>(lines_.size()); }
  Index positions() const override { return positions_; }
  double loss_nats() const override { return total_nats_ / static_cast<double>(positions_); }
  Measure measure() const override {
    return {"accuracy", static_cast<double>(right_) / static_cast<double>(positions_)};
  }

 private:
  SequenceModel<float> model_;
  std::span<const std::vector<TokenId>> lines_;
  std::span<const TokenId> labels_;
  Index piece_;
  Index positions_ = 0;
  Index right_ = 0;
  double total_nats_ = 0.0;
};

const Shard& shard_of(const TrainConfig& config) {
  validate(config);
  return config.shard;
}

}  // namespace

ClassificationTask::ClassificationTask(const SequenceModelConfig& model, const TrainConfig& config,
                                       const LabelledLines& data, const StartingClassifier* start)
    : shard_(shard_of(config)),
      vocabulary_(vocabulary_of(data.lines, start)),
      lines_(tokens_of(data.lines, vocabulary_)),
      split_(split_by_position(static_cast<Index>(lines_.size()), config.split)),
      batch_size_(config.batch_size),
      has_start_(start != nullptr),
      dropout_rng_(shard_.dropout_rng(model.network.seed)) {
  SequenceModelConfig sized = model;
  sized.vocab_size = vocabulary_.size();
  sized.readout = Readout::kLast;
  validate(sized);
  for (const auto& line : lines_) longest_ = std::max(longest_, static_cast<Index>(line.size()));
  check_window(sized, batch_size_, longest_);
  if (start != nullptr) expect_same_network(sized, start->model.config());

  shuffle_data(data, sized.output_size, sized.network.seed);

  model_ = std::make_shared<SequenceModel<float>>(sized);
  if (start != nullptr) {
    import_values(export_values(start->model.parameters()), model_->parameters());
  }
  start_ = model_->parameters().values();
}

void ClassificationTask::shuffle_data(const LabelledLines& data, Index classes, std::uint64_t seed) {
  if (data.labels.size() != lines_.size())
    throw Error(ErrorCode::kShapeMismatch, "Trainer: there is not one label for each line");
  DataHash hash;
  for (const char32_t character : data.lines) hash.add(character);
  std::vector<Index> order;
  for (const TokenId label : data.labels) {
    const auto line = static_cast<Index>(order.size());
    expect_between("the label of line ", line, label, 0, classes - 1);
    hash.add(static_cast<std::uint32_t>(label));
    order.push_back(line);
  }
  text_ = hash.text();
  Rng rng(seed, Rng::Purpose::kTask);
  shuffle(order, rng);
  std::vector<std::vector<TokenId>> shuffled;
  for (const Index line : order) {
    shuffled.push_back(std::move(lines_[static_cast<std::size_t>(line)]));
    labels_.push_back(data.labels[static_cast<std::size_t>(line)]);
  }
  lines_ = std::move(shuffled);
}

const TokenRange& ClassificationTask::range(Part part) const {
  return part == Part::kTrain ? split_.train : part == Part::kValidation ? split_.validation : split_.test;
}

/// Epoch e has its own generator, seeded by e behind a number from the seed: whoever is put back into an
/// epoch draws the same batches without those before.
void ClassificationTask::draw_epoch() {
  const std::uint64_t first = Rng(model_->config().network.seed, Rng::Purpose::kShuffle).next();
  Rng rng(first + static_cast<std::uint64_t>(epoch_), Rng::Purpose::kShuffle);
  std::vector<Index> lengths;
  for (Index i = 0; i < split_.train.size(); ++i)
    lengths.push_back(static_cast<Index>(lines_[static_cast<std::size_t>(i)].size()));
  batches_ = bucket_by_length(lengths, batch_size_, kPoolBatches, rng).batches;
}

Task::Loss ClassificationTask::next_loss_and_gradients() {
  if (batches_.empty()) draw_epoch();
  const std::vector<Index>& batch = batches_[static_cast<std::size_t>(batch_)];
  const auto size = static_cast<Index>(batch.size());
  const StreamRange rows = shard_.streams(size);
  const auto own =
      std::span(batch).subspan(static_cast<std::size_t>(rows.begin), static_cast<std::size_t>(rows.size()));
  Loss loss{.nats = 0.0, .share = static_cast<double>(rows.size()) / static_cast<double>(size)};
  if (own.empty()) {
    model_->parameters().zero_gradients();
  } else {
    const PaddedBatch padded = pad_sequences(lines_, own, 0);
    std::vector<TokenId> targets;
    for (const Index line : own) targets.push_back(labels_[static_cast<std::size_t>(line)]);
    try {
      model_->forward({.seq_len = padded.seq_len,
                       .batch_size = padded.batch_size,
                       .ids = padded.ids.data(),
                       .lengths = padded.lengths},
                      Dropout::kDraw, &dropout_rng_, nullptr);
      loss.nats = model_->cross_entropy_and_gradients(targets.data(), {});
    } catch (const Error& error) {
      // The trainer asks for the loss, and goes back when it is no number.
      if (error.code() != ErrorCode::kNotFinite) throw;
      loss.nats = std::numeric_limits<double>::quiet_NaN();
    }
  }
  if (++batch_ == batches_per_epoch()) {
    batch_ = 0;
    ++epoch_;
    batches_.clear();
  }
  return loss;
}

void ClassificationTask::rewind() {
  model_->parameters().values() = start_;
  model_->parameters().changed();
  dropout_rng_ = shard_.dropout_rng(model_->config().network.seed);
  epoch_ = 0;
  batch_ = 0;
  batches_.clear();
}

void ClassificationTask::copy_progress(TaskProgress& progress) const {
  progress.epoch = epoch_;
  progress.batch = batch_;
  progress.dropout = dropout_rng_.state();
}

void ClassificationTask::put_back(const TaskProgress& progress) {
  expect_between("the next batch of epoch ", progress.epoch, progress.batch, 0, batches_per_epoch() - 1);
  if (progress.epoch != epoch_) batches_.clear();
  epoch_ = progress.epoch;
  batch_ = progress.batch;
  dropout_rng_.set_state(progress.dropout);
}

TaskIdentity ClassificationTask::identity() const {
  TaskIdentity identity{.network = describe(model_->config()), .text = text_, .vocabulary = ""};
  // Other tokens for the same characters would be other weights.
  if (has_start_) {
    DataHash hash;
    for (const char32_t character : vocabulary_.characters()) hash.add(character);
    identity.vocabulary = hash.text();
  }
  return identity;
}

std::unique_ptr<TaskEvaluation> ClassificationTask::evaluate(Part part) const {
  const auto begin = static_cast<std::size_t>(range(part).begin);
  const auto count = static_cast<std::size_t>(range(part).size());
  if (count == 0) throw Error(ErrorCode::kTextTooShort, "Trainer: the part to evaluate has no lines");
  return std::make_unique<ClassificationEvaluation>(*model_, std::span(lines_).subspan(begin, count),
                                                    std::span(labels_).subspan(begin, count), batch_size_);
}

std::uint64_t ClassificationTask::memory_bytes() const {
  const Index rows = shard_.streams(batch_size_).size();
  const auto others = static_cast<std::uint64_t>(shard_.count > 1 ? shard_.count : 0);
  const auto parameters = static_cast<std::uint64_t>(model_->parameters().size());
  // Weights, gradients, two moments; the weights before the last update; two checkpoints of three each.
  return window_memory(model_->config(), rows, longest_) + 4 * (11 + others) * parameters;
}

}  // namespace unroll
