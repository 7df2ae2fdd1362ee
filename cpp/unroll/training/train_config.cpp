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
  std::string text = "schedule=" + std::string(to_string(c.kind));
  text += words({{"step_size", c.step_size},
                 {"gamma", c.gamma},
                 {"t_max", c.t_max},
                 {"eta_min", c.eta_min},
                 {"start_factor", c.start_factor},
                 {"end_factor", c.end_factor},
                 {"total_iters", c.total_iters},
                 {"maximise", c.maximise},
                 {"factor", c.factor},
                 {"patience", c.patience},
                 {"threshold", c.threshold},
                 {"absolute", c.absolute},
                 {"cooldown", c.cooldown},
                 {"min_lr", c.min_lr},
                 {"schedule_eps", c.eps}});
  return text;
}

std::string describe(const TrainConfig& c) {
  const OptimizerConfig& o = c.optimizer;
  std::string text = "optimizer=" + std::string(to_string(o.kind));
  text += words({{"learning_rate", o.learning_rate},
                 {"weight_decay", o.weight_decay},
                 {"momentum", o.momentum},
                 {"nesterov", o.nesterov},
                 {"beta1", o.beta1},
                 {"beta2", o.beta2},
                 {"alpha", o.alpha},
                 {"eps", o.eps},
                 {"batch_size", c.batch_size},
                 {"seq_len", c.seq_len},
                 {"clip_norm", c.clip_norm},
                 {"clip_value", c.clip_value},
                 {"train", c.split.train},
                 {"validation", c.split.validation},
                 {"test", c.split.test}});
  if (c.schedule) text += " " + describe(*c.schedule);
  if (c.shard.count > 1) text += words({{"shard_index", c.shard.index}, {"shard_count", c.shard.count}});
  return text;
}

}  // namespace unroll
