#pragma once

#include <memory>
#include <span>
#include <vector>

#include "unroll/inference/sampling.h"
#include "unroll/inference/stop_strings.h"
#include "unroll/inference/text_reader.h"

namespace unroll {

/// The most tokens that are written in one piece.
inline constexpr Index kMaxWritten = 1'000'000;

struct WrittenText {
  std::vector<TokenId> tokens;   // without the prompt
  std::vector<float> log_probs;  // of each of them under the model itself
  bool stopped = false;          // by a stop string
};

/// Throws Error(kInvalidArgument) unless 0 <= length <= kMaxWritten; `who` speaks of its `field`.
void check_length(const char* who, const char* field, Index length);

/// Writes text with a language model, one token after the other: the prompt primes the state, then each
/// chosen token is the next input. It goes on where it stopped, so that a text can be written in pieces.
class Generator {
 public:
  /// prompt: at least one token. Throws like validate(SamplingConfig), and Error(kInvalidArgument) for an
  /// empty prompt.
  Generator(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> prompt,
            const SamplingConfig& sampling, std::uint64_t seed, Precision precision = Precision::kFloat32,
            StopStrings stop = {});

  using Choice = Sampler::Choice;

  /// One token, whatever came before. Throws Error(kNotFinite) when a logit is no finite number.
  Choice next();

  /// The next `count` tokens, or fewer up to a stop string; none once one came. Throws
  /// Error(kInvalidArgument) unless 0 <= count <= kMaxWritten, and as next().
  WrittenText write(Index count);

 private:
  /// A stop string may begin in one piece of the text and end in another.
  void look_for_stop(TokenId token);

  std::shared_ptr<LanguageModel<float>> model_;
  TextReader reader_;
  Sampler sampler_;
  Rng rng_;
  StopStrings stop_;
  std::vector<TokenId> recent_;  // the last tokens, as many as the longest stop string has
  bool stopped_ = false;
  StackState<float> state_;
  TokenId last_ = 0;
};

}  // namespace unroll
