#pragma once

#include "unroll/nn/optimizer.h"
#include "values_in.h"

/// Configuration objects; a field that is undefined keeps its default. Ranges are checked by the engine.
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

inline ModelConfig model_in(const Fields& fields) {
  ModelConfig config;
  fields.read("cell", config.cell);
  fields.read("vocabSize", config.vocab_size);
  fields.read("hiddenSize", config.hidden_size);
  fields.read("numLayers", config.num_layers);
  fields.read("embeddingDim", config.embedding_dim);
  fields.read("dropout", config.dropout);
  fields.read("forgetBias", config.forget_bias);
  fields.read_seed("seed", config.seed);
  return config;
}

inline TrainConfig train_in(const Fields& fields) {
  TrainConfig config;
  fields.read("batchSize", config.batch_size);
  fields.read("seqLen", config.seq_len);
  fields.read("clipNorm", config.clip_norm);
  const val optimizer = fields.get("optimizer");
  if (!optimizer.isUndefined()) config.optimizer = optimizer_in(optimizer);
  const val split = fields.get("split");
  if (!split.isUndefined()) {
    if (!split.isArray() || split["length"].as<unsigned>() != 3) {
      reject(fields.who(), "split", split, "three fractions: training, validation, test");
    }
    config.split = {.train = number_in(fields.who(), "split", split[0]),
                    .validation = number_in(fields.who(), "split", split[1]),
                    .test = number_in(fields.who(), "split", split[2])};
  }
  return config;
}

}  // namespace unroll::bindings
