#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>

#include "unroll/core/types.h"

namespace unroll {

inline constexpr int kMaxNgramOrder = 4;

/// The yardstick beside a loss curve: what counting alone achieves.
///
/// An n-gram model predicts a token from the n-1 tokens before it, by how often each token followed them in
/// the training text. 0.1 is added to every count (Lidstone's smoothing), so that nothing is impossible:
///
///   P(x | context) = (count(context, x) + 0.1) / (count(context) + 0.1 V)
///
/// Order 0 does not even count: P = 1/V. A network below the 3-gram's loss has learned to remember more than
/// two characters. (Jurafsky and Martin, Speech and Language Processing, chapter 3.)
class NgramModel {
 public:
  /// Counts `tokens`. A context is counted when a token follows it.
  /// Throws Error(kInvalidArgument) unless 0 <= order <= kMaxNgramOrder, 1 <= vocab_size <= kMaxVocabSize and
  /// all tokens are in 0 .. vocab_size-1.
  NgramModel(std::span<const TokenId> tokens, Index vocab_size, int order);

  /// P(next | context), from the last n-1 tokens of `context`.
  /// Throws Error(kInvalidArgument) if there are fewer, or a token is not in the vocabulary.
  double probability(std::span<const TokenId> context, TokenId next) const;

  /// The mean of -ln P over the tokens of this text that have n-1 tokens before them in it.
  /// Throws Error: kTextTooShort if there is no such token, kInvalidArgument as above.
  double loss_nats(std::span<const TokenId> tokens) const;

 private:
  using Counts = std::unordered_map<std::uint64_t, std::uint32_t>;  // looked up, never walked

  /// The tokens read as digits of a number in base V: at most 4096^4 = 2^48.
  std::uint64_t key(std::span<const TokenId> tokens) const;
  void expect_tokens(std::span<const TokenId> tokens) const;
  double smoothed(std::span<const TokenId> context, TokenId next) const;

  Index vocab_size_;
  std::size_t order_;
  Counts contexts_;  // n-1 tokens
  Counts ngrams_;    // n tokens
};

}  // namespace unroll
