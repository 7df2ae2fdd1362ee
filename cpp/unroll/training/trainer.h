#pragma once

#include <memory>
#include <optional>
#include <string>

#include "unroll/core/error.h"
#include "unroll/nn/schedule.h"
#include "unroll/training/checkpoint_ring.h"
#include "unroll/training/parameter_statistics.h"
#include "unroll/training/task.h"
#include "unroll/training/train_config.h"

namespace unroll {

/// A step whose loss or gradient is not a finite number, or which leads to such weights, and what the trainer
/// did about it.
struct Divergence {
  /// What was no longer finite first.
  enum class Of { kLoss, kGradient, kWeight };

  std::int64_t step;  // the one that failed, counted from 1
  Of of;
  std::string parameter;         // the first whose gradient or weight is not finite; empty when all are
  Index layer;                   // its recurrent layer; -1 for the embedding and the head
  std::int64_t resumed_at_step;  // whose weights, moments and place in the data are in place again
};

/// "loss", "gradient" or "weight".
const char* to_string(Divergence::Of of);

/// kNotFinite, with the facts beside the sentence.
class DivergedError : public Error {
 public:
  explicit DivergedError(const Divergence& divergence);
  const Divergence& divergence() const { return divergence_; }

 private:
  Divergence divergence_;
};

/// Trains the network of a Task. A step takes the task's next batch, its mean loss and the gradients, clips
/// them by value and by their global norm and updates the weights.
///
/// What a step does depends on the configuration, the task and the number of steps before it, on nothing
/// else: not on evaluations or samples in between, nor on pauses, nor on whether its state was saved and
/// restored. Only a plateau schedule depends, as its name says, on the losses that it is told of: an
/// evaluation does not tell it, observe_validation() does.
///
/// Several trainers, each with another Shard of the same configuration, train one model together: see
/// gradients().
///
/// A watchdog keeps the last good states, at most kCheckpointEvery steps apart, in memory. A state is good
/// when the step that it led to had a finite loss and gradient. When a step has not, or leads to weights that
/// are not, the newest is put back; if training fails again before it got any further, an older one.
class Trainer {
 public:
  /// `task` is made for the shard of `config`. Throws like validate() and set_schedule().
  Trainer(std::shared_ptr<Task> task, const TrainConfig& config);

  struct Step {
    double loss_nats;      // mean over the batch, before the update
    double gradient_norm;  // before clipping
    double recent_loss;    // mean over the last RecentLosses::kWindow steps, this one included
  };

  static constexpr std::int64_t kCheckpointEvery = 50;

  /// One update. Throws DivergedError when the loss, the gradient or a weight after it is not finite; the
  /// trainer has then gone back.
  Step train_step();

  /// What one of N replicas contributes to a step, scaled by its share of the batch: the sum over the
  /// replicas is the mean over the whole batch and its gradient, which train_step() would compute.
  struct Gradients {
    double loss_nats;
    std::span<const float> values;  // as parameters().gradients(), the same layout in every replica
  };

  /// The first half of a step: reads this replica's share of the next batch. What it returns is valid until
  /// apply(). Throws Error(kWrongState) while it waits for that.
  Gradients gradients();

  /// The second half: adds up what all N replicas contributed, this one's own included, in their order, and
  /// goes on as train_step() does. Every replica that is given the same numbers takes the same step, or goes
  /// back to the same state, to the bit. Throws DivergedError as train_step(); Error(kWrongState) without
  /// gradients() before, kInvalidArgument for fewer or more than N, kShapeMismatch; nothing has changed then.
  Step apply(std::span<const Gradients> replicas);

  /// Of the last steps, at most RecentLosses::kWindow.
  const RecentLosses& recent_losses() const { return recent_losses_; }

  std::int64_t steps() const { return steps_; }
  std::int64_t epoch() const { return task_->epoch(); }
  Index steps_per_epoch() const { return task_->batches_per_epoch(); }

  /// Back to the initial weights and the first batch.
  void rewind();
  /// From the next step on. A schedule goes on from there.
  double learning_rate() const { return optimizer_.config().learning_rate; }
  void set_learning_rate(double learning_rate);

  /// Another optimizer, or other arguments, from the next step on. Moments are kept while the kind stays.
  void configure_optimizer(const OptimizerConfig& config);
  /// Other bounds of the gradients, as TrainConfig, from the next step on. Throws like validate() and then
  /// changes nothing.
  void set_clipping(double clip_norm, double clip_value);
  /// Another schedule, from its own step 0 and with the present rate as its base; nothing: the rate stays.
  /// Throws Error(kInvalidConfig) for one that waits for a plateau in one of several replicas, as only one of
  /// them would see it.
  void set_schedule(const std::optional<ScheduleConfig>& schedule);
  /// Tells a schedule that waits for a plateau the loss of the validation part, or another metric that it
  /// watches; other schedules do not look at it. Throws Error(kNotFinite) for what is no finite number.
  void observe_validation(double loss_nats);

  /// The state as a file, and back: the next steps then give the same bits as without. `notes` come back as
  /// they were. restore_state() throws like read_trainer_state() and then changes nothing.
  std::vector<std::uint8_t> save_state(const Notes& notes = {}) const;
  Notes restore_state(std::span<const std::uint8_t> file);

  /// What the last step did to each parameter; whatever else was computed with the model since. Throws
  /// Error(kWrongState) before the first step and in the middle of one.
  std::vector<ParameterStatistics> parameter_statistics() const;

  const Task& task() const { return *task_; }
  const TrainConfig& config() const { return config_; }

 private:
  TrainerIdentity identity() const;
  /// Loss and gradients of the next batch, each times this replica's share of it.
  double read_batch();
  /// The rest of a step, from the gradients of the whole batch.
  Step update(double loss);
  void expect_no_half_step(const char* call) const;
  /// All but weights and moments, which are large.
  void copy_progress(TrainerState& state) const;
  void copy_weights(TrainerState& state) const;
  void put_back_progress(const TrainerState& state);
  void put_back_weights(const TrainerState& state);
  void keep_checkpoint();
  void forget_checkpoints();
  [[noreturn]] void go_back(Divergence::Of of);

  TrainConfig config_;
  std::shared_ptr<Task> task_;
  Parameters<float>& parameters_;
  Optimizer<float> optimizer_;
  std::optional<Schedule> schedule_;
  std::int64_t steps_ = 0;
  RecentLosses recent_losses_;
  bool in_half_step_ = false;           // between gradients() and apply()
  bool keeps_checkpoint_ = false;       // in this step
  AlignedBuffer<float> values_before_;  // the last update
  CheckpointRing ring_;
  TrainerState before_step_;           // progress only, for the checkpoint that is taken in a step
  std::int64_t furthest_failure_ = 0;  // steps at the last divergence
  std::size_t retreats_ = 0;           // divergences in a row that got no further than the one before
};

}  // namespace unroll
