#include "unroll/text/vocabulary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/expect_error.h"
#include "unroll/core/rng.h"
#include "unroll/core/unicode.h"

namespace unroll::testing::vocabulary_test {
namespace {

using testing::expect_error;
using testing::message_of;
using Tokens = std::vector<TokenId>;
using namespace std::string_literals;

std::u32string distinct_characters(Index count) {
  std::u32string characters;
  for (Index i = 0; i < count; ++i) characters.push_back(0x4E00 + static_cast<char32_t>(i));
  return characters;
}

TEST(Vocabulary, NumbersTheDistinctCharactersInAscendingOrder) {
  const Vocabulary vocabulary = Vocabulary::from_text(U"hello\U0001F600 h\u00E9");
  EXPECT_EQ(vocabulary.characters(), U" ehlo\u00E9\U0001F600");
  EXPECT_EQ(vocabulary.size(), 7);
  EXPECT_EQ(vocabulary.encode(U"hello"), (Tokens{2, 1, 3, 3, 4}));
  EXPECT_EQ(vocabulary.encode(U"\U0001F600\u00E9 "), (Tokens{6, 5, 0}));
  EXPECT_EQ(vocabulary.encode(U""), Tokens{});
  EXPECT_EQ(vocabulary.decode(Tokens{}), U"");
}

TEST(Vocabulary, DecodingUndoesEncodingForAnyText) {
  Rng rng(1, Rng::Purpose::kTask);
  for (int round = 0; round < 200; ++round) {
    std::u32string text(1 + rng.below(50), U'\0');
    for (char32_t& c : text) {
      do {
        // Narrow and wide ranges, so that characters repeat and pages differ.
        c = static_cast<char32_t>(rng.below(round % 2 == 0 ? 300 : kLastCodePoint + 1));
      } while (!is_scalar_value(c));
    }
    const Vocabulary vocabulary = Vocabulary::from_text(text);
    const std::set<char32_t> distinct(text.begin(), text.end());
    EXPECT_TRUE(std::equal(distinct.begin(), distinct.end(), vocabulary.characters().begin(),
                           vocabulary.characters().end()));
    EXPECT_EQ(vocabulary.decode(vocabulary.encode(text)), text);
  }
}

TEST(Vocabulary, KeepsTheOrderOfAGivenList) {
  const Vocabulary vocabulary(U"zax");
  EXPECT_EQ(vocabulary.encode(U"axz"), (Tokens{1, 2, 0}));
  EXPECT_EQ(vocabulary.decode(Tokens{0, 0, 2}), U"zzx");
  EXPECT_TRUE(vocabulary == Vocabulary(U"zax"));
  EXPECT_FALSE(vocabulary == Vocabulary(U"axz"));
}

TEST(Vocabulary, ContainsItsCharactersAndNoOthers) {
  const std::u32string known = U"\0a\u00FF\u0100\uFFFD\U0010FFFF"s;
  const Vocabulary vocabulary(known);
  for (char32_t c = 0; c <= kLastCodePoint; ++c) {
    ASSERT_EQ(vocabulary.contains(c), known.find(c) != std::u32string::npos) << static_cast<unsigned>(c);
  }
  EXPECT_FALSE(vocabulary.contains(0x110000));
  EXPECT_FALSE(vocabulary.contains(0xFFFFFFFF));
}

TEST(Vocabulary, OneSymbolIsEnough) {
  const Vocabulary vocabulary = Vocabulary::from_text(U"aaaa");
  EXPECT_EQ(vocabulary.size(), 1);
  EXPECT_EQ(vocabulary.encode(U"aa"), (Tokens{0, 0}));
}

TEST(Vocabulary, HoldsTheLargestNumberOfCharactersAndNotOneMore) {
  EXPECT_EQ(Vocabulary(distinct_characters(kMaxVocabSize)).size(), kMaxVocabSize);
  EXPECT_EQ(Vocabulary::from_text(distinct_characters(kMaxVocabSize)).size(), kMaxVocabSize);
  const std::u32string many = distinct_characters(kMaxVocabSize + 1);
  expect_error(ErrorCode::kTooBig, "4097 distinct characters, expected at most 4096",
               [&] { Vocabulary vocabulary(many); });
  expect_error(ErrorCode::kTooBig, "4097 distinct characters", [&] { Vocabulary::from_text(many); });
}

TEST(Vocabulary, HoldsTheLargestNumberOfCharactersEachOnAPageOfItsOwn) {
  std::u32string characters;
  for (char32_t c = 0x20; characters.size() < static_cast<std::size_t>(kMaxVocabSize); c += 256) {
    if (c > kLastCodePoint) c = c % 256 + 1;
    if (is_scalar_value(c)) characters.push_back(c);
  }
  const Vocabulary vocabulary(characters);
  EXPECT_EQ(vocabulary.decode(vocabulary.encode(characters)), characters);
}

TEST(Vocabulary, RefusesListsThatAreNotABijection) {
  expect_error(ErrorCode::kInvalidArgument, "no characters", [] { Vocabulary vocabulary(U""); });
  expect_error(ErrorCode::kInvalidArgument, "U+0061 'a' is token 0 and again token 2",
               [] { Vocabulary vocabulary(U"aba"); });
  const std::u32string surrogate = {U'a', 0xDFFF};
  expect_error(ErrorCode::kInvalidArgument, "U+DFFF at position 1",
               [&] { Vocabulary vocabulary(surrogate); });
  expect_error(ErrorCode::kInvalidArgument, "U+DFFF at position 1",
               [&] { Vocabulary::from_text(surrogate); });
  const std::u32string huge = {0x110000};
  expect_error(ErrorCode::kInvalidArgument, "U+110000", [&] { Vocabulary vocabulary(huge); });
  expect_error(ErrorCode::kInvalidArgument, "U+110000", [&] { Vocabulary::from_text(huge); });
}

TEST(Vocabulary, RefusesAnEmptyText) {
  expect_error(ErrorCode::kTextTooShort, "empty", [] { Vocabulary::from_text(U""); });
}

TEST(Vocabulary, NamesForeignCharactersWhereTheyComeFirst) {
  const Vocabulary vocabulary(U"abc");
  EXPECT_EQ(message_of(ErrorCode::kNotInVocabulary, [&] { vocabulary.encode(U"ab\u00E9b\u00E9"); }),
            "Vocabulary::encode: U+00E9 '\xC3\xA9' at position 2 is not in the vocabulary (3 characters); "
            "leave them out or build the vocabulary from this text");
  expect_error(ErrorCode::kNotInVocabulary, "U+007A 'z' at position 0, U+000A at position 2 are not",
               [&] { vocabulary.encode(U"za\nz\n"); });
  const std::u32string impossible = {U'a', 0xFFFFFFFF};
  expect_error(ErrorCode::kNotInVocabulary, "at position 1", [&] { vocabulary.encode(impossible); });
}

TEST(Vocabulary, NamesAtMostEightForeignCharacters) {
  const Vocabulary vocabulary(U"-");
  const std::string eight =
      message_of(ErrorCode::kNotInVocabulary, [&] { vocabulary.encode(U"-abcdefgh-hgfedcba"); });
  EXPECT_NE(eight.find("'h' at position 8 are not"), std::string::npos) << eight;
  const std::string nine = message_of(ErrorCode::kNotInVocabulary, [&] { vocabulary.encode(U"-abcdefghi"); });
  EXPECT_NE(nine.find("'h' at position 8 and others are not"), std::string::npos) << nine;
  EXPECT_EQ(nine.find("'i'"), std::string::npos) << nine;
}

TEST(Vocabulary, RefusesTokensItDoesNotHave) {
  const Vocabulary vocabulary(U"abc");
  expect_error(ErrorCode::kInvalidArgument, "token 3 at position 1, expected 0 to 2", [&] {
    vocabulary.decode(Tokens{0, 3});
  });
  expect_error(ErrorCode::kInvalidArgument, "token -1 at position 0", [&] { vocabulary.decode(Tokens{-1}); });
}

}  // namespace
}  // namespace unroll::testing::vocabulary_test
