#pragma once

#include <optional>
#include <string>

#include "unroll/nn/optimizer.h"
#include "unroll/nn/schedule.h"
#include "unroll/text/split.h"
#include "unroll/training/shard.h"

namespace unroll {

/// How a network is trained. What a batch is and how long, the task says.
struct TrainConfig {
  Index batch_size = 32;
  Index seq_len = 64;
  OptimizerConfig optimizer = {.learning_rate = 2e-3};
  std::optional<ScheduleConfig> schedule = {};  // nothing: the learning rate stays
  double clip_norm = 5.0;                       // 0: gradients are not clipped
  double clip_value = 0.0;                      // 0: they are not clamped
  SplitFractions split = {};
  Shard shard = {};  // which of several replicas this is
};

/// Throws Error(kInvalidConfig) naming the field, its value and its range.
void validate(const TrainConfig& config);

/// All values in words; equal for equal configurations only.
std::string describe(const TrainConfig& config);
std::string describe(const ScheduleConfig& config);

}  // namespace unroll
