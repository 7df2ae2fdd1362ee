#include "unroll/model/config.h"

#include <cmath>
#include <string>

#include "unroll/core/checked.h"
#include "unroll/core/error.h"
#include "unroll/model/config_words.h"
#include "unroll/nn/initialisation.h"

namespace unroll {
namespace {

void check_network(const char* who, const NetworkConfig& network) {
  check_range(who, "forget_bias", network.forget_bias, -100.0, 100.0);
  check_range(who, "hidden_size", static_cast<double>(network.hidden_size), 1, kMaxHiddenSize);
  check_range(who, "num_layers", static_cast<double>(network.num_layers), 1, kMaxLayers);
  check_range(who, "dropout", network.dropout, 0.0, 0.95);
  check_range(who, "seed", static_cast<double>(network.seed), 0.0, kMaxSeed);
}

/// Parameters of a recurrent stack. All factors are below their caps, so 64 bits hold every sum and product.
std::uint64_t stack_parameters(const NetworkConfig& network, Index input_size) {
  const auto gates = static_cast<std::uint64_t>(cell<float>(network.cell).gates);
  const auto h = static_cast<std::uint64_t>(network.hidden_size);
  const auto d = static_cast<std::uint64_t>(network.directions());
  std::uint64_t total = 0;
  for (Index layer = 0; layer < network.num_layers; ++layer) {
    const std::uint64_t in = layer == 0 ? static_cast<std::uint64_t>(input_size) : d * h;
    total += d * gates * h * (in + h + (network.bias ? 2 : 0));
  }
  return total;
}

std::uint64_t wide(Index features) {
  return static_cast<std::uint64_t>(padded(features));
}

/// Numbers that a stack keeps for one row of a window, a step of a sequence: for each layer and direction its
/// slots, its states before and after, and the gradients that pass through it.
std::uint64_t stack_row(const NetworkConfig& network) {
  const auto slots = static_cast<std::uint64_t>(cell<float>(network.cell).slots);
  const auto layers = static_cast<std::uint64_t>(network.num_layers * network.directions());
  return layers * wide(network.hidden_size) * (slots + 5);
}

/// Features of the last layer.
Index output_of(const NetworkConfig& network) {
  return network.directions() * network.hidden_size;
}

std::uint64_t rows_of(Index batch_size, Index seq_len) {
  return static_cast<std::uint64_t>(batch_size) * static_cast<std::uint64_t>(seq_len);
}

void check_memory(const char* who, std::uint64_t bytes) {
  if (bytes <= kMaxMemoryBytes) return;
  throw Error(ErrorCode::kTooBig, std::string(who) + ": this would need " + std::to_string(bytes >> 20) +
                                      " MB of memory, at most " + std::to_string(kMaxMemoryBytes >> 20) +
                                      " MB are allowed; lower batch_size, seq_len or hidden_size");
}

void check_parameters(const char* who, std::uint64_t count) {
  if (count <= kMaxParameters) return;
  throw Error(ErrorCode::kTooBig, std::string(who) + ": the model would have " + std::to_string(count) +
                                      " parameters, at most " + std::to_string(kMaxParameters) +
                                      " are allowed; lower hidden_size or num_layers");
}

/// Features that the first layer of a sequence model reads.
Index stack_input(const SequenceModelConfig& config) {
  if (config.vocab_size == 0) return config.input_size;
  return config.embedding_dim > 0 ? config.embedding_dim : config.vocab_size;
}

}  // namespace

void validate(const RnnConfig& config) {
  check_range("RnnConfig", "input_size", static_cast<double>(config.input_size), 1, kMaxInputSize);
  check_network("RnnConfig", config.network);
  check_parameters("RnnConfig", stack_parameters(config.network, config.input_size));
}

void validate(const ModelConfig& config) {
  if (config.network.bidirectional) {
    throw Error(ErrorCode::kInvalidConfig,
                "ModelConfig: bidirectional is true, expected false: it would read what it is to predict");
  }
  check_range("ModelConfig", "vocab_size", static_cast<double>(config.vocab_size), 1, kMaxInputSize);
  check_range("ModelConfig", "embedding_dim", static_cast<double>(config.embedding_dim), 0, kMaxEmbeddingDim);
  check_network("ModelConfig", config.network);
  check_parameters("ModelConfig", plan(config, 1, 1).parameter_count);
}

void validate(const SequenceModelConfig& config) {
  const char* who = "SequenceModelConfig";
  if ((config.vocab_size > 0) == (config.input_size > 0)) {
    throw Error(ErrorCode::kInvalidConfig, std::string(who) + ": vocab_size is " +
                                               std::to_string(config.vocab_size) + " and input_size is " +
                                               std::to_string(config.input_size) +
                                               ", expected one of them: tokens or vectors");
  }
  check_range(who, "vocab_size", static_cast<double>(config.vocab_size), 0, kMaxInputSize);
  check_range(who, "input_size", static_cast<double>(config.input_size), 0, kMaxInputSize);
  check_range(who, "embedding_dim", static_cast<double>(config.embedding_dim), 0,
              config.vocab_size > 0 ? kMaxEmbeddingDim : 0);
  check_range(who, "padding_idx", static_cast<double>(config.padding_idx), -1,
              config.embedding_dim > 0 ? static_cast<double>(config.vocab_size - 1) : -1.0);
  check_range(who, "output_size", static_cast<double>(config.output_size), 1, kMaxInputSize);
  check_network(who, config.network);
  const std::uint64_t ends = static_cast<std::uint64_t>(config.vocab_size * config.embedding_dim) +
                             static_cast<std::uint64_t>(config.output_size * (output_of(config.network) + 1));
  check_parameters(who, ends + stack_parameters(config.network, stack_input(config)));
}

std::string describe(const ModelConfig& c) {
  const NetworkConfig& network = c.network;
  std::string text = "cell=" + std::string(cell<float>(network.cell).name);
  text += words({{"vocab_size", c.vocab_size},
                 {"hidden_size", network.hidden_size},
                 {"num_layers", network.num_layers},
                 {"embedding_dim", c.embedding_dim},
                 {"dropout", network.dropout}});
  text += " init=" + std::string(to_string(network.init));
  text += words({{"forget_bias", network.forget_bias}, {"seed", network.seed}});
  if (!network.bias) text += words({{"bias", 0}});
  return text;
}

ModelPlan plan(const ModelConfig& model, Index batch_size, Index seq_len) {
  const NetworkConfig& network = model.network;
  const auto v = static_cast<std::uint64_t>(model.vocab_size);
  const auto h = static_cast<std::uint64_t>(network.hidden_size);
  const auto e = static_cast<std::uint64_t>(model.embedding_dim);
  const auto layers = static_cast<std::uint64_t>(network.num_layers);
  const auto gates = static_cast<std::uint64_t>(cell<float>(network.cell).gates);

  const std::uint64_t stack = stack_parameters(network, e > 0 ? model.embedding_dim : model.vocab_size);
  const std::uint64_t parameters = v * e + stack + v * h + v;

  std::uint64_t multiplied = gates * h * (e + h) + (layers - 1) * gates * h * 2 * h + v * h;
  const std::uint64_t row = stack_row(network) + 2 * (wide(model.vocab_size) + wide(network.hidden_size) +
                                                      wide(model.embedding_dim));
  return {.parameter_count = parameters,
          .flops_per_char = 6.0 * static_cast<double>(multiplied),
          // Weights, gradients, two moments; the weights before the last update; two checkpoints of weights
          // and moments.
          .memory_bytes = 4 * ((4 + 1 + 2 * 3) * parameters + stack + row * rows_of(batch_size, seq_len))};
}

void check_window(const ModelConfig& model, Index batch_size, Index seq_len) {
  check_memory("LanguageModel", plan(model, batch_size, seq_len).memory_bytes);
}

void check_window(const RnnConfig& config, Index batch_size, Index seq_len) {
  // Beside the stack's: the input and the output with their gradients, and the caller's copies of these.
  const std::uint64_t row =
      stack_row(config.network) + 4 * (wide(config.input_size) + wide(output_of(config.network)));
  check_memory("Rnn", 4 * row * rows_of(batch_size, seq_len));
}

std::uint64_t window_memory(const SequenceModelConfig& config, Index batch_size, Index seq_len) {
  // Beside the stack's: input, output, answers and targets with their gradients, and the caller's copies of
  // these.
  const std::uint64_t row =
      stack_row(config.network) + 4 * (wide(config.input_size) + wide(config.embedding_dim) +
                                       wide(output_of(config.network)) + wide(config.output_size));
  return 4 * row * rows_of(batch_size, seq_len);
}

void check_window(const SequenceModelConfig& config, Index batch_size, Index seq_len) {
  check_memory("SequenceModel", window_memory(config, batch_size, seq_len));
}

}  // namespace unroll
