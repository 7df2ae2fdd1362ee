#pragma once

#include <span>

#include "unroll/core/types.h"

namespace unroll {

/// What guessing without a network achieves, in nats a token: mean losses over a validation part of n-gram
/// models that have counted the training part, see NgramModel.
struct Baselines {
  double uniform;  // every token alike
  double unigram;  // by its frequency
  double bigram;   // by its frequency after the one before
};

/// Throws Error(kTextTooShort) when the validation part has fewer than two tokens.
Baselines baselines(std::span<const TokenId> train, std::span<const TokenId> validation, Index vocab_size);

}  // namespace unroll
