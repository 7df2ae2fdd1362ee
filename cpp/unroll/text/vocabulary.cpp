#include "unroll/text/vocabulary.h"

#include <algorithm>
#include <utility>

#include "unroll/core/error.h"
#include "unroll/core/unicode.h"

namespace unroll {
namespace {

constexpr std::size_t kMaxNamedCharacters = 8;

void expect_character(std::string_view speaker, char32_t c, std::size_t position) {
  if (is_scalar_value(c)) return;
  throw Error(ErrorCode::kInvalidArgument,
              std::string(speaker) + ": " + describe_character(c) + " at position " +
                  std::to_string(position) +
                  " is not a character (a lone surrogate, or past U+10FFFF); remove it or replace it");
}

[[noreturn]] void refuse_size(std::string_view speaker, std::size_t size) {
  throw Error(ErrorCode::kTooBig, std::string(speaker) + ": " + std::to_string(size) +
                                      " distinct characters, expected at most " +
                                      std::to_string(kMaxVocabSize) +
                                      "; use a shorter text or one in a script with fewer characters");
}

}  // namespace

std::u32string Vocabulary::distinct(std::u32string_view text, const Vocabulary* known) {
  std::vector<bool> seen(kLastCodePoint + 1);
  std::u32string distinct;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c <= kLastCodePoint && seen[c]) continue;
    expect_character("Vocabulary::from_text", c, i);
    seen[c] = true;
    if (known != nullptr && known->contains(c)) continue;
    distinct.insert(std::ranges::lower_bound(distinct, c), c);
  }
  return distinct;
}

Vocabulary Vocabulary::from_text(std::u32string_view text) {
  if (text.empty()) {
    throw Error(ErrorCode::kTextTooShort,
                "Vocabulary::from_text: the text is empty, expected at least one character");
  }
  std::u32string characters = distinct(text, nullptr);
  if (characters.size() > static_cast<std::size_t>(kMaxVocabSize)) {
    refuse_size("Vocabulary::from_text", characters.size());
  }
  return Vocabulary(std::move(characters));
}

Vocabulary::Vocabulary(std::u32string characters) : characters_(std::move(characters)) {
  if (characters_.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "Vocabulary: no characters, expected 1 to " + std::to_string(kMaxVocabSize));
  }
  if (characters_.size() > static_cast<std::size_t>(kMaxVocabSize)) {
    refuse_size("Vocabulary", characters_.size());
  }
  ids_.assign(kPageSize, -1);
  for (std::size_t id = 0; id < characters_.size(); ++id) number(id);
}

Vocabulary Vocabulary::grown(std::u32string_view text) const {
  return Vocabulary(characters_ + distinct(text, this));
}

void Vocabulary::number(std::size_t id) {
  const char32_t c = characters_[id];
  expect_character("Vocabulary", c, id);
  if (contains(c)) {
    throw Error(ErrorCode::kInvalidArgument, "Vocabulary: " + describe_character(c) + " is token " +
                                                 std::to_string(lookup(c)) + " and again token " +
                                                 std::to_string(id) + ", expected every character once");
  }
  std::uint16_t& page = page_[c / kPageSize];
  if (page == 0) {
    page = static_cast<std::uint16_t>(ids_.size() / kPageSize);
    ids_.resize(ids_.size() + kPageSize, -1);
  }
  ids_[page * std::size_t{kPageSize} + c % kPageSize] = static_cast<TokenId>(id);
}

TokenId Vocabulary::lookup(char32_t character) const {
  if (character > kLastCodePoint) return -1;
  return ids_[page_[character / kPageSize] * std::size_t{kPageSize} + character % kPageSize];
}

std::vector<TokenId> Vocabulary::encode(std::u32string_view text, std::string_view speaker) const {
  std::vector<TokenId> ids(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    ids[i] = lookup(text[i]);
    if (ids[i] < 0) refuse_foreign(text, speaker);
  }
  return ids;
}

std::u32string Vocabulary::decode(std::span<const TokenId> ids) const {
  std::u32string text(ids.size(), U'\0');
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0 || ids[i] >= size()) {
      throw Error(ErrorCode::kInvalidArgument, "Vocabulary::decode: token " + std::to_string(ids[i]) +
                                                   " at position " + std::to_string(i) + ", expected 0 to " +
                                                   std::to_string(size() - 1));
    }
    text[i] = characters_[static_cast<std::size_t>(ids[i])];
  }
  return text;
}

void Vocabulary::refuse_foreign(std::u32string_view text, std::string_view speaker) const {
  std::u32string named;
  std::string list;
  bool more = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (contains(text[i]) || named.find(text[i]) != std::u32string::npos) continue;
    if (named.size() == kMaxNamedCharacters) {
      more = true;
      break;
    }
    list += (named.empty() ? "" : ", ") + describe_character(text[i]) + " at position " + std::to_string(i);
    named.push_back(text[i]);
  }
  const char* verb = named.size() == 1 ? " is" : " are";
  throw Error(ErrorCode::kNotInVocabulary,
              std::string(speaker) + ": " + list + (more ? " and others" : "") + verb +
                  " not in the vocabulary (" + std::to_string(size()) +
                  " characters); leave them out or build the vocabulary from this text");
}

}  // namespace unroll
