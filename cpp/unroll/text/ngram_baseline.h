#pragma once

#include <span>

#include "unroll/core/types.h"

namespace unroll {

/// The loss, in nats per character, of a model that only looks at the last `order - 1` characters. It is
/// counted on the training tokens with 0.1 added to every count, and read on the validation tokens:
///
///   order 0  uniform   ln V
///   order 1  unigram   p(a) = (n(a) + 0.1) / (n + 0.1 V)
///   order 2  bigram    p(b | a) = (n(ab) + 0.1) / (n(a.) + 0.1 V)
///
/// A network that does not beat the unigram has learnt nothing about order; one that does not beat the bigram
/// has no memory. The mean is over the validation tokens from the second on, as for a network. Needs two of
/// them: throws Error(kTextTooShort).
double ngram_loss_nats(int order, Index vocab_size, std::span<const TokenId> train,
                       std::span<const TokenId> validation);

}  // namespace unroll
