#pragma once

#include <optional>
#include <string>

#include "unroll/model/config.h"
#include "unroll/nn/optimizer.h"
#include "unroll/nn/schedule.h"
#include "unroll/text/split.h"
#include "unroll/training/shard.h"

namespace unroll {

/// How a language model is trained on a text.
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

/// Of one replica of a training: a model that reads its share of the batch, and room for the gradients of all
/// replicas. The only replica is an ordinary trainer, which receives none.
ModelPlan plan(const ModelConfig& model, const TrainConfig& train);

}  // namespace unroll
