#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "unroll/core/types.h"

namespace unroll {

enum class ScheduleKind { kStep, kCosine, kLinear, kPlateau };

/// The arguments of torch.optim.lr_scheduler's classes, with PyTorch's defaults where it has any.
struct ScheduleConfig {
  ScheduleKind kind = ScheduleKind::kStep;

  Index step_size = 0;  // StepLR: steps between two falls, to be given
  double gamma = 0.1;   // StepLR: what the rate is multiplied by

  Index t_max = 0;       // CosineAnnealingLR: steps of half a wave, to be given
  double eta_min = 0.0;  // CosineAnnealingLR: the rate in the trough

  double start_factor = 1.0 / 3.0;  // LinearLR: of the base rate, at step 0
  double end_factor = 1.0;          // LinearLR: of the base rate, from step total_iters on
  Index total_iters = 5;            // LinearLR

  bool maximise = false;    // ReduceLROnPlateau: mode "max" instead of "min"
  double factor = 0.1;      // what the rate is multiplied by
  Index patience = 10;      // how many metrics in a row may be no better
  double threshold = 1e-4;  // what counts as better
  bool absolute = false;    // threshold_mode "abs" instead of "rel"
  Index cooldown = 0;       // metrics after a fall in which nothing is counted
  double min_lr = 0.0;      // the rate never falls below it
  double eps = 1e-8;        // falls smaller than this are left out
};

/// "step", "cosine", "linear", "plateau".
std::optional<ScheduleKind> schedule_kind(std::string_view name);
std::string_view to_string(ScheduleKind kind);

/// Throws Error(kInvalidConfig) with the name of the field unless the fields of its kind are finite and in
/// PyTorch's ranges.
void validate(const ScheduleConfig& config);

/// The learning rate from step to step, as torch.optim.lr_scheduler computes it.
///
/// With e the number of step() calls so far and lr the rate before the call, in double and in PyTorch's order
/// of operations:
///
///   StepLR             lr * gamma where e is a multiple of step_size, else lr
///   CosineAnnealingLR  (1 + cos(pi e / T)) / (1 + cos(pi (e-1) / T)) * (lr - eta_min) + eta_min
///                      and on leaving the trough, where that would be 0 / 0:
///                      lr + (base_lr - eta_min) * (1 - cos(pi / T)) / 2       T = t_max; it may be passed
///   LinearLR           base_lr * start_factor at e = 0, then up to e = total_iters
///                      lr * (1 + (end - start) / (total_iters * start + (e-1) * (end - start)))
///   ReduceLROnPlateau  max(lr * factor, min_lr) after more than `patience` metrics in a row that are no
///                      better than the best so far
///
/// Each computes the next rate from the present one, so that a rate which was set by hand in between is where
/// it goes on. A step() follows the update whose rate was learning_rate(). The rate stays within 0 and
/// kMaxLearningRate, all that an optimizer takes.
///
/// Source: https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
class Schedule {
 public:
  /// Everything that changes, for checkpoints.
  struct State {
    double base_lr = 0.0;
    double learning_rate = 0.0;
    std::int64_t steps = 0;
    double best = 0.0;  // plateau: the best metric so far, infinitely bad at first
    Index bad = 0;      // plateau: metrics in a row that were no better
    Index resting = 0;  // plateau: metrics that are left of the cooldown
  };

  /// Throws like validate(), and unless base_lr is a number from 0 to kMaxLearningRate.
  Schedule(const ScheduleConfig& config, double base_lr);

  const ScheduleConfig& config() const { return config_; }
  double learning_rate() const { return state_.learning_rate; }
  void set_learning_rate(double learning_rate) { state_.learning_rate = learning_rate; }

  /// Whether step() takes a metric.
  bool needs_metric() const { return config_.kind == ScheduleKind::kPlateau; }
  /// After an update. Throws Error(kInvalidArgument) for a schedule that needs a metric.
  void step();
  /// After a measurement, for ReduceLROnPlateau. Throws Error(kInvalidArgument) for the others.
  void step(double metric);

  /// Back to the base rate and step 0.
  void reset();

  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  double next_rate() const;
  double next_cosine() const;
  double next_linear() const;
  bool is_better(double metric) const;

  ScheduleConfig config_;
  State state_;
};

}  // namespace unroll
