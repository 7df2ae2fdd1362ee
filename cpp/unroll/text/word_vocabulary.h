#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "unroll/core/types.h"

namespace unroll {

/// The words that a model knows, numbered. Unlike characters, words never end: the rare ones share a token.
///
///   0  <pad>   fills up the short sequences of a batch; no text contains it
///   1  <unk>   any word that is not in the list
///   2 ...      words by falling count, equal counts in order of code points
class WordVocabulary {
 public:
  static constexpr TokenId kPad = 0;
  static constexpr TokenId kUnknown = 1;

  /// Counts `words` and keeps those that came at least min_count times, at most max_size tokens in all, the
  /// two special ones included.
  /// Throws Error(kInvalidArgument) unless min_count >= 1, 2 <= max_size <= kMaxVocabSize, and no word is
  /// empty.
  static WordVocabulary from_words(std::span<const std::u32string> words, std::int64_t min_count,
                                   Index max_size);

  /// This list, as a model file has it: words[id] is token id.
  /// Throws Error: kInvalidArgument unless it begins with <pad> and <unk> and its words are distinct and not
  /// empty, kTooBig if there are more than kMaxVocabSize.
  explicit WordVocabulary(std::vector<std::u32string> words);

  /// V.
  Index size() const { return static_cast<Index>(words_.size()); }
  const std::vector<std::u32string>& words() const { return words_; }

  /// One token for each word, kUnknown where there is none.
  std::vector<TokenId> encode(std::span<const std::u32string> words) const;

  /// The word of a token. Throws Error(kInvalidArgument) unless 0 <= id < V.
  const std::u32string& word(TokenId id) const;

 private:
  std::vector<std::u32string> words_;                // (V) by token
  std::unordered_map<std::u32string, TokenId> ids_;  // looked up, never walked
};

}  // namespace unroll
