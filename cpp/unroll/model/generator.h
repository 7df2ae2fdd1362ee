#pragma once

#include <memory>
#include <span>
#include <vector>

#include "unroll/model/language_model.h"
#include "unroll/model/sampling.h"

namespace unroll {

/// Writes text with a language model, one token after the other: the prompt primes the state, then each
/// chosen token is the next input. It goes on where it stopped, so that a text can be written in pieces.
class Generator {
 public:
  /// prompt: at least one token. Throws like validate(SamplingConfig), and Error(kInvalidArgument) for an
  /// empty prompt.
  Generator(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> prompt,
            const SamplingConfig& sampling, std::uint64_t seed);

  struct Choice {
    TokenId token;
    float log_prob;  // ln p of the token under the model itself, at temperature 1 and uncut
  };

  Choice next();

 private:
  std::shared_ptr<LanguageModel<float>> model_;
  Sampler sampler_;
  Rng rng_;
  StackState<float> state_;
  TokenId last_ = 0;
  std::vector<float> scratch_;
};

}  // namespace unroll
