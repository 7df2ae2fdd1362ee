#pragma once

#include <cstdint>

#include "unroll/model/config.h"
#include "unroll/model/trainer.h"

namespace unroll::bindings {

/// What one replica of a run costs: a model that reads its share of the batch, and room for the gradients of
/// all replicas. The only replica is an ordinary trainer, which receives none.
inline ModelPlan replica_plan(const ModelConfig& model, const TrainConfig& train) {
  const Shard& shard = train.shard;
  ModelPlan plan = unroll::plan(model, shard.streams(train.batch_size).size(), train.seq_len);
  if (shard.count > 1) {
    plan.memory_bytes += sizeof(float) * plan.parameter_count * static_cast<std::uint64_t>(shard.count);
  }
  return plan;
}

}  // namespace unroll::bindings
