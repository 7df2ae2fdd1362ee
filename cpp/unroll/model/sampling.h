#pragma once

#include <vector>

#include "unroll/core/rng.h"
#include "unroll/core/types.h"

namespace unroll {

/// How the next token is chosen from its logits.
struct SamplingConfig {
  bool greedy = false;       // the largest logit; nothing else counts then
  double temperature = 1.0;  // above 0, at most 100; logits are divided by it
  Index top_k = 0;           // only the k most likely; 0 or >= V: all
  double top_p = 1.0;        // only the most likely whose more likely ones have a mass below p; 1: all
};

/// Throws Error(kInvalidArgument) naming the field.
void validate(const SamplingConfig& config);

/// p = softmax((logits - max) / temperature), cut to the top k and then to the top p, and scaled to a sum
/// of 1. Top k: Fan et al., 2018. Top p: Holtzman et al., 2020. Among equal logits the smaller token comes
/// first. Results are valid until the next call.
class Sampler {
 public:
  explicit Sampler(const SamplingConfig& config) : config_(config) { validate(config); }

  /// V probabilities; all on the arg-max when greedy.
  const std::vector<float>& distribution(const float* logits, Index vocab_size);

  /// Draws a token: one uniform number and the first place at which the running sum passes it.
  TokenId choose(const float* logits, Index vocab_size, Rng& rng);

 private:
  void cut(Index vocab_size);

  SamplingConfig config_;
  std::vector<float> scaled_;
  std::vector<float> probabilities_;
  std::vector<TokenId> order_;
};

/// The first of the largest.
TokenId argmax(const float* logits, Index vocab_size);

}  // namespace unroll
