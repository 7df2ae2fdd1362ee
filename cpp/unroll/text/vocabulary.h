#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "unroll/core/types.h"

namespace unroll {

inline constexpr Index kMaxVocabSize = 4096;

/// The characters that a model knows: token i is the i-th of a list of distinct code points.
class Vocabulary {
 public:
  /// The distinct code points of a text in rising order, as sorted(set(text)) in Python.
  /// Throws Error(kTextTooShort) for an empty text and Error(kTooBig) above kMaxVocabSize.
  static Vocabulary from_text(std::u32string_view text);

  /// A given list in its own order. Throws Error(kInvalidArgument) when it is empty or has a duplicate or a
  /// value that is no character, and Error(kTooBig) above kMaxVocabSize.
  static Vocabulary from_characters(std::u32string characters);

  Index size() const { return static_cast<Index>(characters_.size()); }
  const std::u32string& characters() const { return characters_; }
  bool contains(char32_t character) const { return find(character) >= 0; }

  /// Throws Error(kNotInVocabulary) that names the foreign characters (the first 8) and where the first one
  /// stands.
  std::vector<TokenId> encode(std::u32string_view text) const;

  /// Tokens must be below size().
  std::u32string decode(std::span<const TokenId> tokens) const;

 private:
  explicit Vocabulary(std::u32string characters);

  /// The token of a character, or -1.
  TokenId find(char32_t character) const;
  [[noreturn]] void reject(std::u32string_view text, std::size_t first) const;

  std::u32string characters_;
  std::vector<std::pair<char32_t, TokenId>> sorted_;
  std::vector<TokenId> direct_;  // tokens of the code points below kDirect, where most texts live; -1: none
};

}  // namespace unroll
