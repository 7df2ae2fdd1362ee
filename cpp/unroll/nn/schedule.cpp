#include "unroll/nn/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/nn/optimizer.h"

namespace unroll {
namespace {

constexpr std::string_view kNames[] = {"step", "cosine", "linear", "plateau"};
constexpr Index kMostSteps = 1'000'000'000;

void check(bool in_range, const char* field, double value, const char* expected) {
  if (in_range) return;
  throw Error(ErrorCode::kInvalidConfig, std::string("ScheduleConfig: ") + field + " is " +
                                             number_text(value) + ", expected " + expected);
}

void check_whole(const char* field, Index value, Index low) {
  check(value >= low && value <= kMostSteps, field, static_cast<double>(value),
        low == 0 ? "0 to 1000000000" : "1 to 1000000000");
}

void check_from_zero(const char* field, double value) {
  check(value >= 0.0 && std::isfinite(value), field, value, "a number from 0 on");
}

/// A rate, or what one is multiplied by: a product of two is finite.
void check_rate(const char* field, double value) {
  check(value >= 0.0 && value <= kMaxLearningRate, field, value, "a number from 0 to 1e9");
}

}  // namespace

std::optional<ScheduleKind> schedule_kind(std::string_view name) {
  for (int kind = 0; kind < 4; ++kind) {
    if (kNames[kind] == name) return static_cast<ScheduleKind>(kind);
  }
  return std::nullopt;
}

std::string_view to_string(ScheduleKind kind) {
  return kNames[static_cast<int>(kind)];
}

void validate(const ScheduleConfig& config) {
  switch (config.kind) {
    case ScheduleKind::kStep:
      check_whole("step_size", config.step_size, 1);
      check_rate("gamma", config.gamma);
      break;
    case ScheduleKind::kCosine:
      check_whole("t_max", config.t_max, 1);
      check_rate("eta_min", config.eta_min);
      break;
    case ScheduleKind::kLinear:
      // The first rise divides by it.
      check(config.start_factor >= 1e-30 && config.start_factor <= 1.0, "start_factor", config.start_factor,
            "a number from 1e-30 to 1");
      check(config.end_factor >= 0.0 && config.end_factor <= 1.0, "end_factor", config.end_factor, "0 to 1");
      check_whole("total_iters", config.total_iters, 1);
      break;
    case ScheduleKind::kPlateau:
      check(config.factor >= 0.0 && config.factor < 1.0, "factor", config.factor,
            "a number from 0 on, below 1");
      check_whole("patience", config.patience, 0);
      check_whole("cooldown", config.cooldown, 0);
      check_from_zero("threshold", config.threshold);
      check_rate("min_lr", config.min_lr);
      check_from_zero("eps", config.eps);
      break;
  }
}

Schedule::Schedule(const ScheduleConfig& config, double base_lr) : config_(config) {
  validate(config);
  check_rate("learning_rate", base_lr);
  state_.base_lr = base_lr;
  reset();
}

void Schedule::reset() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const bool warms_up = config_.kind == ScheduleKind::kLinear;
  const double base_lr = state_.base_lr;
  state_ = {.base_lr = base_lr,
            .learning_rate = warms_up ? base_lr * config_.start_factor : base_lr,
            .best = config_.maximise ? -kInfinity : kInfinity};
}

void Schedule::step() {
  if (needs_metric()) {
    throw Error(ErrorCode::kInvalidArgument,
                "Schedule::step: there is no metric, and a plateau schedule needs one; give it the loss that "
                "it should watch");
  }
  ++state_.steps;
  const double next = next_rate();
  // Where a cosine's wave is too long for its slope to be seen, its quotient is no number and the rate stays.
  if (std::isfinite(next)) state_.learning_rate = std::clamp(next, 0.0, kMaxLearningRate);
}

double Schedule::next_rate() const {
  switch (config_.kind) {
    case ScheduleKind::kStep:
      return state_.steps % config_.step_size == 0 ? state_.learning_rate * config_.gamma
                                                   : state_.learning_rate;
    case ScheduleKind::kCosine: return next_cosine();
    case ScheduleKind::kLinear: return next_linear();
    case ScheduleKind::kPlateau: break;
  }
  return state_.learning_rate;
}

double Schedule::next_cosine() const {
  const double lr = state_.learning_rate;
  const auto t = static_cast<double>(config_.t_max);
  const auto e = static_cast<double>(state_.steps);
  constexpr double kPi = std::numbers::pi;
  if ((state_.steps - 1 - config_.t_max) % (2 * config_.t_max) == 0) {
    return lr + (state_.base_lr - config_.eta_min) * (1.0 - std::cos(kPi / t)) / 2.0;
  }
  return (1.0 + std::cos(kPi * e / t)) / (1.0 + std::cos(kPi * (e - 1.0) / t)) * (lr - config_.eta_min) +
         config_.eta_min;
}

double Schedule::next_linear() const {
  if (state_.steps > config_.total_iters) return state_.learning_rate;
  const double rise = config_.end_factor - config_.start_factor;
  const double done = static_cast<double>(config_.total_iters) * config_.start_factor +
                      static_cast<double>(state_.steps - 1) * rise;
  return state_.learning_rate * (1.0 + rise / done);
}

bool Schedule::is_better(double metric) const {
  const double best = state_.best;
  if (config_.absolute) {
    return config_.maximise ? metric > best + config_.threshold : metric < best - config_.threshold;
  }
  return config_.maximise ? metric > best * (config_.threshold + 1.0)
                          : metric < best * (1.0 - config_.threshold);
}

void Schedule::step(double metric) {
  if (!needs_metric()) {
    throw Error(ErrorCode::kInvalidArgument,
                "Schedule::step: there is a metric, but only a plateau schedule looks at one; call step() "
                "without it");
  }
  ++state_.steps;
  if (is_better(metric)) {
    state_.best = metric;
    state_.bad = 0;
  } else {
    ++state_.bad;
  }
  if (state_.resting > 0) {
    --state_.resting;
    state_.bad = 0;
  }
  if (state_.bad <= config_.patience) return;
  const double lower = std::max(state_.learning_rate * config_.factor, config_.min_lr);
  if (state_.learning_rate - lower > config_.eps) state_.learning_rate = lower;
  state_.resting = config_.cooldown;
  state_.bad = 0;
}

}  // namespace unroll
