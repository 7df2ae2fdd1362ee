#pragma once

#include "unroll/inference/sampling.h"
#include "unroll/nn/optimizer.h"
#include "unroll/nn/schedule.h"
#include "unroll/training/train_config.h"
#include "values_in.h"
#include "values_out.h"

/// Configuration objects, in and out; a field that is undefined keeps its default. Ranges are checked by the
/// engine.
namespace unroll::bindings {

inline OptimizerConfig optimizer_in(const val& object) {
  const Fields fields("OptimizerConfig", object);
  const val kind_name = fields.get("kind");
  const auto kind = kind_name.isString() ? optimizer_kind(kind_name.as<std::string>()) : std::nullopt;
  if (!kind) reject("OptimizerConfig", "kind", kind_name, "sgd, rmsprop, adagrad, adam or adamw");
  OptimizerConfig config = OptimizerConfig::defaults(*kind);
  fields.read("learningRate", config.learning_rate);
  fields.read("weightDecay", config.weight_decay);
  fields.read("momentum", config.momentum);
  fields.read("nesterov", config.nesterov);
  fields.read("beta1", config.beta1);
  fields.read("beta2", config.beta2);
  fields.read("alpha", config.alpha);
  fields.read("eps", config.eps);
  validate(config);
  return config;
}

inline ScheduleConfig schedule_in(const val& object) {
  const Fields fields("ScheduleConfig", object);
  const val kind_name = fields.get("kind");
  const auto kind = kind_name.isString() ? schedule_kind(kind_name.as<std::string>()) : std::nullopt;
  if (!kind) reject("ScheduleConfig", "kind", kind_name, "step, cosine, linear or plateau");
  ScheduleConfig config{.kind = *kind};
  fields.read("stepSize", config.step_size);
  fields.read("gamma", config.gamma);
  fields.read("tMax", config.t_max);
  fields.read("etaMin", config.eta_min);
  fields.read("startFactor", config.start_factor);
  fields.read("endFactor", config.end_factor);
  fields.read("totalIters", config.total_iters);
  fields.read("maximise", config.maximise);
  fields.read("factor", config.factor);
  fields.read("patience", config.patience);
  fields.read("threshold", config.threshold);
  fields.read("absolute", config.absolute);
  fields.read("cooldown", config.cooldown);
  fields.read("minLr", config.min_lr);
  fields.read("eps", config.eps);
  validate(config);
  return config;
}

inline SamplingConfig sampling_in(const Fields& fields) {
  SamplingConfig config;
  fields.read("temperature", config.temperature);
  fields.read("greedy", config.greedy);
  fields.read("topK", config.top_k);
  fields.read("topP", config.top_p);
  return config;
}

/// What the configurations of all networks have. Those of language models have no direction and no bias to
/// choose: the declarations of JavaScript do not name them there.
inline NetworkConfig network_in(const Fields& fields, NetworkConfig config = {}) {
  fields.read("cell", config.cell);
  fields.read("hiddenSize", config.hidden_size);
  fields.read("numLayers", config.num_layers);
  fields.read("bidirectional", config.bidirectional);
  fields.read("bias", config.bias);
  fields.read("dropout", config.dropout);
  fields.read("init", config.init);
  fields.read("forgetBias", config.forget_bias);
  fields.read_seed("seed", config.seed);
  return config;
}

inline ModelConfig model_in(const Fields& fields, ModelConfig config = {}) {
  config.network = network_in(fields, config.network);
  fields.read("vocabSize", config.vocab_size);
  fields.read("embeddingDim", config.embedding_dim);
  return config;
}

/// The same outwards, with nothing left out.
inline val model_out(const ModelConfig& config) {
  const NetworkConfig& network = config.network;
  val result = object();
  result.set("cell", std::string(cell<float>(network.cell).name));
  result.set("hiddenSize", static_cast<double>(network.hidden_size));
  result.set("numLayers", static_cast<double>(network.num_layers));
  result.set("embeddingDim", static_cast<double>(config.embedding_dim));
  result.set("dropout", network.dropout);
  result.set("init", std::string(to_string(network.init)));
  result.set("forgetBias", network.forget_bias);
  result.set("seed", static_cast<double>(network.seed));
  return result;
}

inline SplitFractions split_in(const char* who, const val& split) {
  if (!split.isArray() || split["length"].as<unsigned>() != 3) {
    reject(who, "split", split, "three fractions: training, validation, test");
  }
  return {.train = number_in(who, "split", split[0]),
          .validation = number_in(who, "split", split[1]),
          .test = number_in(who, "split", split[2])};
}

inline TrainConfig train_in(const Fields& fields) {
  TrainConfig config;
  fields.read("batchSize", config.batch_size);
  fields.read("seqLen", config.seq_len);
  fields.read("clipNorm", config.clip_norm);
  fields.read("clipValue", config.clip_value);
  const val optimizer = fields.get("optimizer");
  if (!optimizer.isUndefined()) config.optimizer = optimizer_in(optimizer);
  const val schedule = fields.get("schedule");
  if (!schedule.isUndefined() && !schedule.isNull()) config.schedule = schedule_in(schedule);
  const val split = fields.get("split");
  if (!split.isUndefined()) config.split = split_in(fields.who(), split);
  const val shard = fields.get("shard");
  if (!shard.isUndefined()) {
    const Fields shard_fields("TrainConfig.shard", shard);
    shard_fields.read("index", config.shard.index);
    shard_fields.read("count", config.shard.count);
  }
  return config;
}

}  // namespace unroll::bindings
