#pragma once

#include <cstdint>
#include <string>

#include "unroll/core/types.h"
#include "unroll/nn/network_config.h"

namespace unroll {

/// Caps on what a configuration may ask for. They are checked before any product of sizes is formed.
inline constexpr Index kMaxHiddenSize = 1024;
inline constexpr Index kMaxLayers = 8;
inline constexpr Index kMaxInputSize = 4096;  // also the largest vocabulary
inline constexpr Index kMaxEmbeddingDim = 1024;
inline constexpr Index kMaxBatchSize = 1024;
inline constexpr Index kMaxSeqLen = 4096;
inline constexpr std::uint64_t kMaxParameters = 32u << 20;
inline constexpr std::uint64_t kMaxMemoryBytes = std::uint64_t{1536} << 20;
inline constexpr double kMaxSeed = 9007199254740991.0;  // 2^53 - 1, so that a seed survives JavaScript

/// torch.nn.RNN, GRU or LSTM.
struct RnnConfig {
  NetworkConfig network;
  Index input_size = 0;
};

/// A character-level language model: tokens -> one-hot or embedding -> recurrent stack -> linear head ->
/// logits.
struct ModelConfig {
  NetworkConfig network = {.hidden_size = 128};  // in one direction
  Index vocab_size = 0;
  Index embedding_dim = 0;  // 0: one-hot
};

/// What the head of a sequence model reads.
enum class Readout {
  kLast,   // the final states of the last layer, [forward, reverse]: one answer for each sequence
  kSteps,  // the last layer's outputs: one answer for each step
};

/// A network that reads whole sequences and answers: a classifier of texts, a tagger, a regressor.
struct SequenceModelConfig {
  NetworkConfig network;     // its bias is that of the recurrent layers; the head has one
  Index vocab_size = 0;      // above 0: it reads tokens
  Index embedding_dim = 0;   // of the tokens; 0: one-hot
  TokenId padding_idx = -1;  // a token whose embedding gets no gradient; -1: there is none
  Index input_size = 0;      // above 0: it reads vectors
  Index output_size = 0;     // classes, or numbers to predict
  Readout readout = Readout::kLast;
};

/// Each throws Error(kInvalidConfig) naming the field, its value and its range, or Error(kTooBig).
void validate(const RnnConfig& config);
void validate(const ModelConfig& config);
void validate(const SequenceModelConfig& config);

/// All values in words, as "cell=lstm vocab_size=65 ..."; equal for equal configurations only.
std::string describe(const ModelConfig& config);

/// What a model will cost, known before anything is built.
struct ModelPlan {
  std::uint64_t parameter_count;
  /// Of one training step, forward and backward: 6 for each weight that is multiplied with.
  double flops_per_char;
  /// Weights, gradients, two moments, the states to go back to, activations of one window.
  std::uint64_t memory_bytes;
};
ModelPlan plan(const ModelConfig& model, Index batch_size, Index seq_len);

/// Bytes that a batch takes beside the weights; a size that does not fit is as large as there is.
std::uint64_t window_memory(const SequenceModelConfig& config, Index batch_size, Index seq_len);

/// Throws Error(kTooBig) when a window of this size would need more than kMaxMemoryBytes. Whoever makes
/// buffers for T * B rows asks first: behind this check no size of a buffer can wrap, not even in 32 bits.
void check_window(const ModelConfig& model, Index batch_size, Index seq_len);
void check_window(const RnnConfig& config, Index batch_size, Index seq_len);
void check_window(const SequenceModelConfig& config, Index batch_size, Index seq_len);

}  // namespace unroll
