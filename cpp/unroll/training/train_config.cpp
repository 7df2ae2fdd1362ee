#include "unroll/training/train_config.h"

#include <string>

#include "unroll/core/error.h"
#include "unroll/model/config.h"
#include "unroll/model/config_words.h"

namespace unroll {
namespace {

/// As the float that gradients meet: a bound that only rounds to 0 does not say that there is none.
void check_clip(const char* field, double bound) {
  if (bound == 0.0) return;
  check_range("TrainConfig", field, bound, bound > 0.0 ? 1e-45 : 0.0, 1e9);
}

}  // namespace

void validate(const TrainConfig& config) {
  check_range("TrainConfig", "batch_size", static_cast<double>(config.batch_size), 1, kMaxBatchSize);
  check_range("TrainConfig", "seq_len", static_cast<double>(config.seq_len), 1, kMaxSeqLen);
  check_clip("clip_norm", config.clip_norm);
  check_clip("clip_value", config.clip_value);
  validate(config.optimizer);
  if (config.schedule) validate(*config.schedule);
  const auto [index, count] = config.shard;
  check_range("TrainConfig", "shard.count", static_cast<double>(count), 1, kMaxShards);
  check_range("TrainConfig", "shard.index", static_cast<double>(index), 0, static_cast<double>(count - 1));
  if (count > config.batch_size) {
    throw Error(ErrorCode::kInvalidConfig, "TrainConfig: batch_size is " + std::to_string(config.batch_size) +
                                               ", expected at least " + std::to_string(count) +
                                               ", a stream for each of the replicas that train together");
  }
}

std::string describe(const ScheduleConfig& c) {
  return "schedule=" + std::string(to_string(c.kind)) + word("step_size", c.step_size) +
         word("gamma", c.gamma) + word("t_max", c.t_max) + word("eta_min", c.eta_min) +
         word("start_factor", c.start_factor) + word("end_factor", c.end_factor) +
         word("total_iters", c.total_iters) + word("maximise", c.maximise) + word("factor", c.factor) +
         word("patience", c.patience) + word("threshold", c.threshold) + word("absolute", c.absolute) +
         word("cooldown", c.cooldown) + word("min_lr", c.min_lr) + word("schedule_eps", c.eps);
}

std::string describe(const TrainConfig& c) {
  const OptimizerConfig& o = c.optimizer;
  return "optimizer=" + std::string(to_string(o.kind)) + word("learning_rate", o.learning_rate) +
         word("weight_decay", o.weight_decay) + word("momentum", o.momentum) + word("nesterov", o.nesterov) +
         word("beta1", o.beta1) + word("beta2", o.beta2) + word("alpha", o.alpha) + word("eps", o.eps) +
         word("batch_size", c.batch_size) + word("seq_len", c.seq_len) + word("clip_norm", c.clip_norm) +
         word("clip_value", c.clip_value) + word("train", c.split.train) +
         word("validation", c.split.validation) + word("test", c.split.test) +
         (c.schedule ? " " + describe(*c.schedule) : "") +
         (c.shard.count > 1 ? word("shard_index", c.shard.index) + word("shard_count", c.shard.count) : "");
}

}  // namespace unroll
