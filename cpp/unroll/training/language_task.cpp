#include "unroll/training/language_task.h"

#include <cmath>

#include "unroll/inference/evaluation.h"
#include "unroll/training/data_hash.h"

namespace unroll {
namespace {

ModelConfig with_vocab_size(ModelConfig config, Index vocab_size) {
  config.vocab_size = vocab_size;
  return config;
}

std::string describe_text(const Vocabulary& vocabulary, std::span<const TokenId> tokens) {
  DataHash hash;
  for (const TokenId token : tokens) hash.add(vocabulary.characters()[static_cast<std::size_t>(token)]);
  return hash.text();
}

Vocabulary vocabulary_of(std::u32string_view text, const StartingModel* start) {
  if (start == nullptr) return Vocabulary::from_text(text);
  return start->grow_vocabulary ? start->vocabulary.grown(text) : start->vocabulary;
}

const Shard& shard_of(const TrainConfig& config) {
  validate(config);
  return config.shard;
}

class LanguageEvaluation final : public TaskEvaluation {
 public:
  explicit LanguageEvaluation(Evaluation own) : own_(std::move(own)) {}

  void advance() override { own_.advance(); }
  bool done() const override { return own_.done(); }
  Index positions() const override { return own_.positions(); }
  double loss_nats() const override { return own_.loss_nats(); }
  Measure measure() const override { return {"bitsPerChar", own_.loss_nats() / std::log(2.0)}; }

 private:
  Evaluation own_;
};

}  // namespace

LanguageTask::LanguageTask(const ModelConfig& model, const TrainConfig& config, std::u32string_view text,
                           const StartingModel* start)
    : shard_(shard_of(config)),
      vocabulary_(std::make_shared<const Vocabulary>(vocabulary_of(text, start))),
      tokens_(vocabulary_->encode(text, "Trainer")),
      batch_size_(config.batch_size),
      streams_(shard_.streams(config.batch_size)),
      seq_len_(config.seq_len),
      split_(split_by_position(static_cast<Index>(tokens_.size()), config.split)),
      dropout_rng_(shard_.dropout_rng(model.network.seed)) {
  batches_.emplace(tokens(Part::kTrain), batch_size_, seq_len_, streams_);
  const ModelConfig sized = with_vocab_size(model, vocabulary_->size());
  validate(sized);
  check_window(sized, streams_.size(), seq_len_);
  if (start != nullptr) expect_same_network(sized, start->model.config());
  model_ = std::make_shared<LanguageModel<float>>(sized);
  if (start != nullptr) {
    copy_known_weights(start->model, *model_);
    start_ = model_->parameters().values();
  }
  const auto window = static_cast<std::size_t>(streams_.size() * seq_len_);
  ids_.resize(window);
  targets_.resize(window);
  model_->make_state(streams_.size(), state_);
}

std::span<const TokenId> LanguageTask::tokens(Part part) const {
  const TokenRange& range = part == Part::kTrain        ? split_.train
                            : part == Part::kValidation ? split_.validation
                                                        : split_.test;
  return std::span(tokens_).subspan(static_cast<std::size_t>(range.begin),
                                    static_cast<std::size_t>(range.size()));
}

ModelPlan LanguageTask::cost() const {
  return plan(model_->config(), {.batch_size = batch_size_, .seq_len = seq_len_, .shard = shard_});
}

std::unique_ptr<TaskEvaluation> LanguageTask::evaluate(Part part) const {
  return std::make_unique<LanguageEvaluation>(
      Evaluation(std::make_shared<LanguageModel<float>>(*model_), tokens(part)));
}

Task::Loss LanguageTask::next_loss_and_gradients() {
  const bool epoch_starts = batches_->next(ids_.data(), targets_.data());
  if (epoch_starts) state_.set_zero();
  const double loss = model_->loss_and_gradients(ids_.data(), targets_.data(), seq_len_, streams_.size(),
                                                 state_, Dropout::kDraw, &dropout_rng_);
  return {.nats = loss, .share = static_cast<double>(streams_.size()) / static_cast<double>(batch_size_)};
}

void LanguageTask::rewind() {
  model_->initialise();
  if (start_.size() > 0) {
    model_->parameters().values() = start_;
    model_->parameters().changed();
  }
  batches_->set_position({});
  state_.set_zero();
  dropout_rng_ = shard_.dropout_rng(model_->config().network.seed);
}

void LanguageTask::copy_progress(TaskProgress& progress) const {
  progress.epoch = batches_->position().epoch;
  progress.batch = batches_->position().chunk;
  progress.carried = state_;
  progress.dropout = dropout_rng_.state();
}

void LanguageTask::put_back(const TaskProgress& progress) {
  batches_->set_position({.epoch = progress.epoch, .chunk = progress.batch});
  state_ = progress.carried;
  dropout_rng_.set_state(progress.dropout);
}

TaskIdentity LanguageTask::identity() const {
  TaskIdentity identity{
      .network = describe(model_->config()), .text = describe_text(*vocabulary_, tokens_), .vocabulary = ""};
  // Other tokens for the same characters would be other weights.
  if (start_.size() > 0) {
    identity.vocabulary = describe_text(*vocabulary_, vocabulary_->encode(vocabulary_->characters()));
  }
  return identity;
}

ModelPlan plan(const ModelConfig& model, const TrainConfig& train) {
  const Shard& shard = train.shard;
  ModelPlan own = plan(model, shard.streams(train.batch_size).size(), train.seq_len);
  if (shard.count > 1) {
    own.memory_bytes += sizeof(float) * own.parameter_count * static_cast<std::uint64_t>(shard.count);
  }
  return own;
}

}  // namespace unroll
