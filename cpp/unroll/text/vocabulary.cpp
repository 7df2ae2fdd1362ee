#include "unroll/text/vocabulary.h"

#include <algorithm>

#include "unroll/core/error.h"
#include "unroll/text/utf8.h"

namespace unroll {
namespace {

constexpr char32_t kDirect = 1024;
constexpr std::size_t kNamedCharacters = 8;

/// "é" (U+00E9); the code point alone where the character would not show.
std::string describe(char32_t character) {
  const std::string name = code_point_name(character);
  if (character < 0x21 || (character >= 0x7f && character < 0xa1)) return name;
  return "\"" + encode_utf8(std::u32string(1, character)) + "\" (" + name + ")";
}

void check_size(std::size_t size) {
  if (static_cast<Index>(size) <= kMaxVocabSize) return;
  throw Error(ErrorCode::kTooBig, "Vocabulary: the text has " + std::to_string(size) +
                                      " different characters, at most " + std::to_string(kMaxVocabSize) +
                                      " are allowed; choose a text in an alphabet");
}

}  // namespace

Vocabulary::Vocabulary(std::u32string characters)
    : characters_(std::move(characters)), direct_(kDirect, TokenId{-1}) {
  for (std::size_t i = 0; i < characters_.size(); ++i) {
    const auto token = static_cast<TokenId>(i);
    sorted_.emplace_back(characters_[i], token);
    if (characters_[i] < kDirect) direct_[characters_[i]] = token;
  }
  std::sort(sorted_.begin(), sorted_.end());
}

Vocabulary Vocabulary::from_text(std::u32string_view text) {
  if (text.empty()) {
    throw Error(ErrorCode::kTextTooShort, "Vocabulary: the text is empty, expected at least one character");
  }
  std::u32string characters;
  // Sorting in blocks keeps the memory small however long the text is.
  constexpr std::size_t kBlock = 1 << 16;
  for (std::size_t at = 0; at < text.size(); at += kBlock) {
    characters += text.substr(at, kBlock);
    std::sort(characters.begin(), characters.end());
    characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
  }
  check_size(characters.size());
  return Vocabulary(std::move(characters));
}

Vocabulary Vocabulary::from_characters(std::u32string characters) {
  if (characters.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "Vocabulary: the list of characters is empty, expected at least one");
  }
  check_size(characters.size());
  for (char32_t character : characters) {
    if (is_scalar_value(character)) continue;
    throw Error(ErrorCode::kInvalidArgument,
                "Vocabulary: " + code_point_name(character) + " is not a character");
  }
  Vocabulary vocabulary(std::move(characters));
  for (std::size_t i = 1; i < vocabulary.sorted_.size(); ++i) {
    if (vocabulary.sorted_[i].first != vocabulary.sorted_[i - 1].first) continue;
    throw Error(ErrorCode::kInvalidArgument, "Vocabulary: " + describe(vocabulary.sorted_[i].first) +
                                                 " stands twice in the list of characters");
  }
  return vocabulary;
}

TokenId Vocabulary::find(char32_t character) const {
  if (character < kDirect) return direct_[character];
  const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), std::pair(character, TokenId{0}));
  return at != sorted_.end() && at->first == character ? at->second : TokenId{-1};
}

std::vector<TokenId> Vocabulary::encode(std::u32string_view text) const {
  std::vector<TokenId> tokens(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    tokens[i] = find(text[i]);
    if (tokens[i] < 0) reject(text, i);
  }
  return tokens;
}

void Vocabulary::reject(std::u32string_view text, std::size_t first) const {
  std::u32string foreign;
  for (char32_t character : text.substr(first)) {
    if (!contains(character) && foreign.find(character) == std::u32string::npos) foreign.push_back(character);
  }
  std::string names;
  for (std::size_t i = 0; i < std::min(foreign.size(), kNamedCharacters); ++i) {
    names += (i > 0 ? ", " : "") + describe(foreign[i]);
  }
  if (foreign.size() > kNamedCharacters) {
    names += " and " + std::to_string(foreign.size() - kNamedCharacters) + " more";
  }
  throw Error(ErrorCode::kNotInVocabulary,
              "Vocabulary: " + names + (foreign.size() == 1 ? " is" : " are") + " not among the " +
                  std::to_string(size()) +
                  " characters of the text that the model was made for (first at position " +
                  std::to_string(first) + "); use its characters only");
}

std::u32string Vocabulary::decode(std::span<const TokenId> tokens) const {
  std::u32string text;
  text.reserve(tokens.size());
  for (TokenId token : tokens) text.push_back(characters_[static_cast<std::size_t>(token)]);
  return text;
}

}  // namespace unroll
