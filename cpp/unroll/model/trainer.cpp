#include "unroll/model/trainer.h"

#include <cmath>

#include "unroll/core/error.h"
#include "unroll/nn/clipping.h"

namespace unroll {
namespace {

ModelConfig with_vocab_size(ModelConfig config, Index vocab_size) {
  config.vocab_size = vocab_size;
  return config;
}

}  // namespace

Trainer::Trainer(const ModelConfig& model, const TrainConfig& config, std::u32string_view text)
    : config_(config),
      vocabulary_(std::make_shared<const Vocabulary>(Vocabulary::from_text(text))),
      tokens_(vocabulary_->encode(text)),
      optimizer_(config.optimizer),
      dropout_rng_(model.seed, Rng::Purpose::kDropout) {
  validate(config);
  split_ = split_by_position(static_cast<Index>(tokens_.size()), config.split);
  const std::span<const TokenId> train = tokens(Part::kTrain);
  batches_.emplace(std::vector<TokenId>(train.begin(), train.end()), config.batch_size, config.seq_len);
  const ModelConfig sized = with_vocab_size(model, vocabulary_->size());
  validate(sized);
  check_window(sized, config.batch_size, config.seq_len);
  model_ = std::make_shared<LanguageModel<float>>(sized);
  const auto window = static_cast<std::size_t>(config.batch_size * config.seq_len);
  ids_.resize(window);
  targets_.resize(window);
  model_->make_state(config.batch_size, state_);
}

std::span<const TokenId> Trainer::tokens(Part part) const {
  const TokenRange& range = part == Part::kTrain        ? split_.train
                            : part == Part::kValidation ? split_.validation
                                                        : split_.test;
  return std::span(tokens_).subspan(static_cast<std::size_t>(range.begin),
                                    static_cast<std::size_t>(range.size()));
}

Evaluation Trainer::evaluate(Part part) const {
  return Evaluation(model_, tokens(part));
}

Trainer::Step Trainer::step() {
  const bool epoch_starts = batches_->next(ids_.data(), targets_.data());
  if (epoch_starts) state_.set_zero();
  const double loss = model_->loss_and_gradients(ids_.data(), targets_.data(), config_.seq_len,
                                                 config_.batch_size, state_, Dropout::kDraw, &dropout_rng_);
  const double norm = gradient_norm(model_->parameters());
  if (!std::isfinite(loss) || !std::isfinite(norm)) {
    throw Error(ErrorCode::kNotFinite,
                "Trainer: at step " + std::to_string(steps_ + 1) + " the " +
                    (std::isfinite(loss) ? "gradient" : "loss") +
                    " is no longer a finite number; rewind and lower the learning rate");
  }
  optimizer_.update(model_->parameters(), clip_coefficient(norm, config_.clip_norm));
  ++steps_;
  return {loss, norm};
}

void Trainer::rewind() {
  model_->initialise();
  optimizer_.reset();
  optimizer_.configure(config_.optimizer);
  batches_->set_position({});
  state_.set_zero();
  dropout_rng_ = Rng(model_->config().seed, Rng::Purpose::kDropout);
  steps_ = 0;
}

}  // namespace unroll
