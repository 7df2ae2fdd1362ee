#pragma once

#include <vector>

#include "unroll/core/rng.h"
#include "unroll/core/types.h"
#include "unroll/nn/loss.h"

namespace unroll {

/// How the next token is chosen from its logits.
struct SamplingConfig {
  bool greedy = false;       // the largest logit; nothing else counts then
  double temperature = 1.0;  // above 0 as a float, at most 100; logits are divided by it
  Index top_k = 0;           // only the k most likely; 0 or >= V: all
  double top_p = 1.0;        // only the most likely whose more likely ones have a mass below p; 1: all
};

/// Throws Error(kInvalidArgument) naming the field.
void validate(const SamplingConfig& config);

/// p = softmax((logits - max) / temperature), cut to the top k and then to the top p, and scaled to a sum
/// of 1. Top k: Fan et al., 2018. Top p: Holtzman et al., 2020. Among equal logits the smaller token comes
/// first. Results are valid until the next call.
///
/// A token whose logit is minus infinity is never chosen. Throws Error(kNotFinite) when a logit is plus
/// infinity or not a number, or when there is nothing to choose from.
class Sampler {
 public:
  explicit Sampler(const SamplingConfig& config) : config_(config) { validate(config); }

  /// V probabilities; all on the arg-max when greedy.
  const std::vector<float>& distribution(const float* logits, Index vocab_size);

  struct Choice {
    TokenId token;
    float log_prob;  // ln p of the token under the model itself, at temperature 1 and uncut
  };

  /// Draws a token: one uniform number and the first place at which the running sum passes it. When greedy
  /// nothing is drawn. Logits: padded(V) numbers.
  Choice choose(const float* logits, Index vocab_size, Rng& rng);

 private:
  void cut(Index vocab_size);
  TokenId draw(Rng& rng) const;

  SamplingConfig config_;
  SoftmaxRow row_ = {};  // of the scaled logits, in the last distribution()
  std::vector<float> scaled_;
  std::vector<float> probabilities_;
  /// The bits of a token's probability above those of ~token: larger for the more likely and, among equals,
  /// for the smaller token. Bits of floats that are not negative are in the order of their values.
  std::vector<std::uint64_t> ranked_;
};

/// The first of the largest. Throws as Sampler.
TokenId argmax(const float* logits, Index vocab_size);

}  // namespace unroll
