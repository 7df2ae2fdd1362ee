#include "unroll/training/trainer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "unroll/core/error.h"
#include "unroll/nn/clipping.h"
#include "unroll/nn/finite.h"
#include "unroll/nn/gradient_sum.h"

namespace unroll {
namespace {

/// The number in "rnn.weight_ih_l2"; -1 without one.
Index layer_of(const std::string& parameter) {
  const std::size_t at = parameter.rfind("_l");
  if (!parameter.starts_with("rnn.") || at == std::string::npos) return -1;
  return parameter[at + 2] - '0';
}

std::string sentence(const Divergence& d) {
  const std::string what = to_string(d.of);
  std::string text =
      "Trainer: at step " + std::to_string(d.step) + " the " + what + " is no longer a finite number";
  if (!d.parameter.empty()) {
    text += " (" + d.parameter + " is the first parameter with such a " +
            (d.of == Divergence::Of::kWeight ? what : "gradient") + ")";
  }
  return text + "; the state of step " + std::to_string(d.resumed_at_step) +
         " is in place again: lower the learning rate before going on, or rewind";
}

const TrainConfig& validated(const TrainConfig& config) {
  validate(config);
  return config;
}

}  // namespace

const char* to_string(Divergence::Of of) {
  return of == Divergence::Of::kLoss ? "loss" : of == Divergence::Of::kGradient ? "gradient" : "weight";
}

DivergedError::DivergedError(const Divergence& divergence)
    : Error(ErrorCode::kNotFinite, sentence(divergence)), divergence_(divergence) {}

Trainer::Trainer(std::shared_ptr<Task> task, const TrainConfig& config)
    : config_(validated(config)),
      task_(std::move(task)),
      parameters_(task_->parameters()),
      optimizer_(config.optimizer) {
  set_schedule(config.schedule);
}

Trainer::Step Trainer::train_step() {
  expect_no_half_step("train_step");
  if (config_.shard.count > 1) {
    throw Error(ErrorCode::kWrongState,
                "Trainer::train_step: this is one of " + std::to_string(config_.shard.count) +
                    " replicas, which cannot step alone; use gradients() and apply()");
  }
  return update(read_batch());
}

Trainer::Gradients Trainer::gradients() {
  expect_no_half_step("gradients");
  const double loss = read_batch();
  in_half_step_ = true;
  const AlignedBuffer<float>& values = parameters_.gradients();
  return {.loss_nats = loss, .values = {values.data(), static_cast<std::size_t>(values.size())}};
}

Trainer::Step Trainer::apply(std::span<const Gradients> replicas) {
  if (!in_half_step_) throw Error(ErrorCode::kWrongState, "Trainer::apply: call gradients() first");
  if (replicas.size() != static_cast<std::size_t>(config_.shard.count)) {
    throw Error(ErrorCode::kInvalidArgument, "Trainer::apply: got the gradients of " +
                                                 std::to_string(replicas.size()) + " replicas, expected " +
                                                 std::to_string(config_.shard.count));
  }
  const auto size = static_cast<std::size_t>(parameters_.gradients().size());
  std::array<std::span<const float>, kMaxShards> blocks;
  double loss = 0.0;
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    if (replicas[i].values.size() != size) {
      throw Error(ErrorCode::kShapeMismatch, "Trainer::apply: the gradients of replica " + std::to_string(i) +
                                                 " are " + std::to_string(replicas[i].values.size()) +
                                                 " numbers, expected " + std::to_string(size));
    }
    blocks[i] = replicas[i].values;
    loss += replicas[i].loss_nats;
  }
  sum_gradients(std::span(blocks).first(replicas.size()), parameters_);
  in_half_step_ = false;
  return update(loss);
}

void Trainer::expect_no_half_step(const char* call) const {
  if (!in_half_step_) return;
  throw Error(ErrorCode::kWrongState, std::string("Trainer::") + call +
                                          ": the trainer is in the middle of a step, between gradients() and "
                                          "apply(); finish that first");
}

double Trainer::read_batch() {
  parameters_.release_gradients();
  keeps_checkpoint_ = ring_.empty() || steps_ % kCheckpointEvery == 0;
  if (keeps_checkpoint_) copy_progress(before_step_);
  const auto [loss, share] = task_->next_loss_and_gradients();
  if (config_.shard.count == 1) return loss;
  scale_gradients(parameters_, static_cast<float>(share));
  return share * loss;
}

Trainer::Step Trainer::update(double loss) {
  const double norm = gradient_norm(parameters_);
  if (!std::isfinite(loss)) go_back(Divergence::Of::kLoss);
  if (!std::isfinite(norm)) go_back(Divergence::Of::kGradient);
  if (keeps_checkpoint_) keep_checkpoint();
  values_before_ = parameters_.values();
  const double scale = clip_gradients(parameters_, norm, config_.clip_norm, config_.clip_value);
  if (!optimizer_.update(parameters_, scale)) go_back(Divergence::Of::kWeight);
  parameters_.hold_gradients();
  if (schedule_ && !schedule_->needs_metric()) {
    schedule_->step();
    optimizer_.set_learning_rate(schedule_->learning_rate());
  }
  ++steps_;
  recent_losses_.add(loss);
  return {.loss_nats = loss, .gradient_norm = norm, .recent_loss = recent_losses_.mean()};
}

void Trainer::set_learning_rate(double learning_rate) {
  optimizer_.set_learning_rate(learning_rate);
  if (schedule_) schedule_->set_learning_rate(learning_rate);
}

void Trainer::configure_optimizer(const OptimizerConfig& config) {
  expect_no_half_step("configure_optimizer");
  optimizer_.configure(config);
  config_.optimizer = config;
  set_schedule(config_.schedule);  // forgets checkpoints, which hold moments of the optimizer before
}

void Trainer::set_clipping(double clip_norm, double clip_value) {
  TrainConfig config = config_;
  config.clip_norm = clip_norm;
  config.clip_value = clip_value;
  validate(config);
  config_ = config;
}

void Trainer::set_schedule(const std::optional<ScheduleConfig>& config) {
  expect_no_half_step("set_schedule");
  if (config && config->kind == ScheduleKind::kPlateau && config_.shard.count > 1) {
    throw Error(ErrorCode::kInvalidConfig,
                "Trainer: the schedule is plateau, which several replicas cannot follow, as only one of them "
                "evaluates; use another schedule, or one replica");
  }
  std::optional<Schedule> schedule;
  if (config) schedule.emplace(*config, learning_rate());
  schedule_ = schedule;
  config_.schedule = config;
  forget_checkpoints();  // they hold states of the schedule before
  if (schedule_) optimizer_.set_learning_rate(schedule_->learning_rate());
}

void Trainer::observe_validation(double loss_nats) {
  expect_finite("Trainer::observe_validation", "the loss", loss_nats);
  if (!schedule_ || !schedule_->needs_metric()) return;
  schedule_->step(loss_nats);
  optimizer_.set_learning_rate(schedule_->learning_rate());
}

void Trainer::rewind() {
  in_half_step_ = false;
  task_->rewind();
  optimizer_.reset();
  optimizer_.configure(config_.optimizer);
  set_schedule(config_.schedule);  // forgets checkpoints
  steps_ = 0;
  recent_losses_.clear();
}

void Trainer::forget_checkpoints() {
  values_before_.resize(0);
  ring_.clear();
  furthest_failure_ = 0;
  retreats_ = 0;
}

void Trainer::copy_progress(TrainerState& state) const {
  state.steps = steps_;
  state.recent_losses = recent_losses_;
  task_->copy_progress(state.progress);
  state.learning_rate = learning_rate();
  if (schedule_) state.schedule = schedule_->state();
}

void Trainer::copy_weights(TrainerState& state) const {
  state.values = parameters_.values();
  state.updates = optimizer_.updates();
  for (std::size_t slot = 0; slot < state.moments.size(); ++slot) {
    state.moments[slot] = optimizer_.slot(static_cast<Index>(slot));
  }
}

void Trainer::put_back_progress(const TrainerState& state) {
  steps_ = state.steps;
  recent_losses_ = state.recent_losses;
  task_->put_back(state.progress);
  if (schedule_) {
    schedule_->set_state(*state.schedule);
    optimizer_.set_learning_rate(schedule_->learning_rate());
  }
}

void Trainer::put_back_weights(const TrainerState& state) {
  parameters_.values() = state.values;
  parameters_.changed();
  optimizer_.set_updates(state.updates);
  for (std::size_t slot = 0; slot < state.moments.size(); ++slot) {
    optimizer_.slot(static_cast<Index>(slot)) = state.moments[slot];
  }
}

/// Called in a step, after its gradient was found to be finite and before the update.
void Trainer::keep_checkpoint() {
  if (ring_.empty()) {
    // All at once, so that no later step asks for memory.
    const Index size = parameters_.values().size();
    for (TrainerState& slot : ring_.slots()) {
      slot.values.resize(size);
      slot.progress.carried = before_step_.progress.carried;
      for (Index i = 0; i < optimizer_.slot_count(); ++i)
        slot.moments[static_cast<std::size_t>(i)].resize(size);
    }
  }
  TrainerState& slot = ring_.push(before_step_.steps);
  slot.steps = before_step_.steps;
  slot.progress = before_step_.progress;
  slot.schedule = before_step_.schedule;
  slot.recent_losses = before_step_.recent_losses;
  copy_weights(slot);
}

void Trainer::go_back(Divergence::Of of) {
  const Index failed = of == Divergence::Of::kWeight ? first_not_finite_value(parameters_)
                                                     : first_not_finite_gradient(parameters_);
  Divergence divergence{.step = steps_ + 1,
                        .of = of,
                        .parameter = failed < 0 ? "" : parameters_.spec(failed).name,
                        .layer = -1,
                        .resumed_at_step = 0};
  divergence.layer = layer_of(divergence.parameter);
  retreats_ = steps_ <= furthest_failure_ && furthest_failure_ > 0 ? retreats_ + 1 : 0;
  furthest_failure_ = std::max(furthest_failure_, steps_);
  if (ring_.empty()) {
    put_back_progress(before_step_);  // the weights did not change since
  } else {
    const TrainerState& good = ring_.back(retreats_);
    put_back_progress(good);
    put_back_weights(good);
  }
  values_before_.resize(0);
  divergence.resumed_at_step = steps_;
  throw DivergedError(divergence);
}

TrainerIdentity Trainer::identity() const {
  const auto [network, text, vocabulary] = task_->identity();
  std::string config = network + " " + describe(config_);
  if (!vocabulary.empty()) config += " vocabulary=" + vocabulary;
  return {.config = std::move(config), .text = text};
}

std::vector<std::uint8_t> Trainer::save_state(const Notes& notes) const {
  expect_no_half_step("save_state");
  TrainerState state;
  copy_progress(state);
  copy_weights(state);
  return write_trainer_state(state, identity(), parameters_, config_.optimizer.kind, task_->carried_size(),
                             notes);
}

Notes Trainer::restore_state(std::span<const std::uint8_t> file) {
  TrainerState like;
  copy_progress(like);
  SavedTrainer saved =
      read_trainer_state(file, identity(), parameters_, config_.optimizer.kind, task_->carried_size(), like);
  // Each of these refuses or succeeds, and the first two are the only ones that can refuse.
  OptimizerConfig optimizer = config_.optimizer;
  optimizer.learning_rate = saved.state.learning_rate;
  validate(optimizer);
  task_->put_back(saved.state.progress);
  in_half_step_ = false;
  optimizer_.configure(optimizer);
  put_back_progress(saved.state);
  put_back_weights(saved.state);
  forget_checkpoints();
  return std::move(saved.notes);
}

std::vector<ParameterStatistics> Trainer::parameter_statistics() const {
  expect_no_half_step("parameter_statistics");
  if (values_before_.size() == 0) {
    throw Error(
        ErrorCode::kWrongState,
        "Trainer::parameter_statistics: there was no step since the start, or since the state was restored");
  }
  return unroll::parameter_statistics(parameters_, values_before_);
}

}  // namespace unroll
