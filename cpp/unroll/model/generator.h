#pragma once

#include <memory>
#include <span>
#include <vector>

#include "unroll/model/sampling.h"
#include "unroll/model/text_reader.h"

namespace unroll {

/// Writes text with a language model, one token after the other: the prompt primes the state, then each
/// chosen token is the next input. It goes on where it stopped, so that a text can be written in pieces.
class Generator {
 public:
  /// prompt: at least one token. Throws like validate(SamplingConfig), and Error(kInvalidArgument) for an
  /// empty prompt.
  Generator(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> prompt,
            const SamplingConfig& sampling, std::uint64_t seed, Precision precision = Precision::kFloat32);

  using Choice = Sampler::Choice;

  Choice next();

 private:
  std::shared_ptr<LanguageModel<float>> model_;
  TextReader reader_;
  Sampler sampler_;
  Rng rng_;
  StackState<float> state_;
  TokenId last_ = 0;
};

}  // namespace unroll
