#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "unroll/core/types.h"

namespace unroll {

/// The most characters that a vocabulary may have; also the largest V of a model.
inline constexpr Index kMaxVocabSize = 4096;

/// The characters that a model knows, numbered: a bijection between V code points and the tokens 0 .. V-1.
///
///   encode: text -> tokens          decode: tokens -> text          decode(encode(text)) == text
///
/// A character is one code point; nothing is normalised, so that a text comes back as it was. The numbering
/// from a text is Python's sorted(set(text)), the one of char-rnn programs, so weights can be exchanged.
class Vocabulary {
 public:
  /// The distinct characters of `text` in ascending order.
  /// Throws Error: kTextTooShort if it is empty, kInvalidArgument if an element is no character (a lone
  /// surrogate), kTooBig if it has more than kMaxVocabSize distinct ones.
  static Vocabulary from_text(std::u32string_view text);

  /// These characters in this order, as a model file lists them: characters[id] is token id.
  /// Throws Error: kInvalidArgument if there are none, one comes twice or is no character, kTooBig if there
  /// are more than kMaxVocabSize.
  explicit Vocabulary(std::u32string characters);

  /// V.
  Index size() const { return static_cast<Index>(characters_.size()); }
  const std::u32string& characters() const { return characters_; }

  bool contains(char32_t character) const { return lookup(character) >= 0; }

  /// These characters, and behind them the others of `text` in ascending order, so that every token stays
  /// what it was. Throws as from_text().
  Vocabulary grown(std::u32string_view text) const;

  /// One token for each character. Throws Error(kNotInVocabulary), which names up to eight of the foreign
  /// characters and where each comes first; `speaker` is who says so.
  std::vector<TokenId> encode(std::u32string_view text,
                              std::string_view speaker = "Vocabulary::encode") const;

  /// One character for each token. Throws Error(kInvalidArgument) unless 0 <= id < V.
  std::u32string decode(std::span<const TokenId> ids) const;

  bool operator==(const Vocabulary& other) const { return characters_ == other.characters_; }

 private:
  static constexpr char32_t kPageSize = 256;
  static constexpr std::size_t kPageCount = 0x110000 / kPageSize;

  /// The token of a character, or -1.
  TokenId lookup(char32_t character) const;
  void number(std::size_t id);
  [[noreturn]] void refuse_foreign(std::u32string_view text, std::string_view speaker) const;
  /// The distinct characters of `text` that are not in `known`, which may be null, in ascending order.
  static std::u32string distinct(std::u32string_view text, const Vocabulary* known);

  std::u32string characters_;  // (V) by token
  // Code point c has its token at ids_[page_[c / 256] * 256 + c % 256]. Page 0 says -1 everywhere and serves
  // all the blocks of Unicode that the text does not touch: most texts need two or three pages.
  std::array<std::uint16_t, kPageCount> page_{};
  std::vector<TokenId> ids_;
};

}  // namespace unroll
