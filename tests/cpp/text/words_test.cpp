// The two halves of reading words: cutting a text (word_tokenizer.h, letters.h) and numbering what comes out
// (word_vocabulary.h).

#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "unroll/text/letters.h"
#include "unroll/text/vocabulary.h"
#include "unroll/text/word_tokenizer.h"
#include "unroll/text/word_vocabulary.h"

namespace unroll::testing::words_test {
namespace {

using testing::expect_error;
using Tokens = std::vector<TokenId>;
using Words = std::vector<std::u32string>;

TEST(WordTokenizer, CutsRunsOfLettersAndSinglePunctuation) {
  EXPECT_EQ(split_words(U"Don't stop -- 42!", false),
            (Words{U"Don", U"'", U"t", U"stop", U"-", U"-", U"42", U"!"}));
  EXPECT_EQ(split_words(U"", false), Words{});
  EXPECT_EQ(split_words(U" \t\r\n\u00A0\u3000", false), Words{});
  EXPECT_EQ(split_words(U"a", false), Words{U"a"});
  EXPECT_EQ(split_words(U".a.", false), (Words{U".", U"a", U"."}));
  EXPECT_EQ(split_words(U"mp3 x_y", false), (Words{U"mp3", U"x", U"_", U"y"}));
}

TEST(WordTokenizer, KeepsLettersBeyondAsciiTogether) {
  EXPECT_EQ(split_words(U"\u00ABna\u00EFve\u00BB caf\u00E9\u2026", false),
            (Words{U"\u00AB", U"na\u00EFve", U"\u00BB", U"caf\u00E9", U"\u2026"}));
  EXPECT_EQ(split_words(U"e\u0301t\u00E9", false), Words{U"e\u0301t\u00E9"}) << "the accent stays";
  EXPECT_EQ(split_words(U"\u041C\u043E\u0441\u043A\u0432\u0430\u2014\u0434\u0430", false),
            (Words{U"\u041C\u043E\u0441\u043A\u0432\u0430", U"\u2014", U"\u0434\u0430"}));
  EXPECT_EQ(split_words(U"\u4F60\u597D\u3002", false), (Words{U"\u4F60\u597D", U"\u3002"}));
  EXPECT_EQ(split_words(U"ok\U0001F600\U0001F600", false), (Words{U"ok", U"\U0001F600", U"\U0001F600"}));
  EXPECT_EQ(split_words(U"3\u00D74", false), (Words{U"3", U"\u00D7", U"4"}));
}

TEST(WordTokenizer, MakesSmallLettersOnRequest) {
  EXPECT_EQ(split_words(U"GREAT Movie", true), (Words{U"great", U"movie"}));
  EXPECT_EQ(split_words(U"GREAT Movie", false), (Words{U"GREAT", U"Movie"}));
}

TEST(WordTokenizer, LosesOnlySpaces) {
  const std::u32string text =
      U"To be, or not to be -- that is the question:\n\u201CWhether\u201D 'tis nobler\u2026";
  std::u32string joined;
  for (const auto& word : split_words(text, false)) joined += word;
  std::u32string expected;
  for (const char32_t c : text) {
    if (!is_space(c)) expected.push_back(c);
  }
  EXPECT_EQ(joined, expected);
}

TEST(Letters, SmallLettersOfThreeAlphabets) {
  const std::u32string capitals =
      U"AZ\u00C0\u00DE\u0100\u0136\u0139\u0147\u014A\u0176\u0178\u0179\u017D\u0391\u03A9\u0400\u040F\u0410"
      U"\u042F";
  const std::u32string small =
      U"az\u00E0\u00FE\u0101\u0137\u013A\u0148\u014B\u0177\u00FF\u017A\u017E\u03B1\u03C9\u0450\u045F\u0430"
      U"\u044F";
  for (std::size_t i = 0; i < capitals.size(); ++i) EXPECT_EQ(to_lower(capitals[i]), small[i]) << i;
  for (const char32_t c : U"@[`{09\u00D7\u00DF\u0130\u0131\u0138\u0149\u017F\u03A2\u4E00\U0010FFFF") {
    EXPECT_EQ(to_lower(c), c) << static_cast<unsigned>(c);
  }
}

TEST(Letters, ASmallLetterStaysSmallAndAWordCharacter) {
  for (char32_t c = 0; c < 0x500; ++c) {
    ASSERT_EQ(to_lower(to_lower(c)), to_lower(c)) << static_cast<unsigned>(c);
    ASSERT_EQ(is_word_character(to_lower(c)), is_word_character(c)) << static_cast<unsigned>(c);
    ASSERT_FALSE(is_space(c) && is_word_character(c)) << static_cast<unsigned>(c);
  }
}

TEST(WordVocabulary, NumbersByCountAndThenByCodePoints) {
  const Words text = split_words(U"the cat the dog a cat the end", false);
  const WordVocabulary vocabulary = WordVocabulary::from_words(text, 1, 100);
  EXPECT_EQ(vocabulary.words(), (Words{U"<pad>", U"<unk>", U"the", U"cat", U"a", U"dog", U"end"}));
  EXPECT_EQ(vocabulary.size(), 7);
  EXPECT_EQ(vocabulary.encode(Words{U"the", U"bird", U"end"}), (Tokens{2, 1, 6}));
  EXPECT_EQ(vocabulary.word(3), U"cat");
}

TEST(WordVocabulary, LeavesOutRareWordsAndThoseBeyondTheSize) {
  const Words text = split_words(U"c c c b b a a d", false);
  EXPECT_EQ(WordVocabulary::from_words(text, 2, 100).words(), (Words{U"<pad>", U"<unk>", U"c", U"a", U"b"}));
  EXPECT_EQ(WordVocabulary::from_words(text, 1, 4).words(), (Words{U"<pad>", U"<unk>", U"c", U"a"}));
  EXPECT_EQ(WordVocabulary::from_words(text, 9, 100).size(), 2);
  EXPECT_EQ(WordVocabulary::from_words({}, 1, 2).size(), 2);
}

TEST(WordVocabulary, ATextCannotSpellPadding) {
  const Words text = {U"<pad>", U"<pad>", U"<unk>", U"a"};
  const WordVocabulary vocabulary = WordVocabulary::from_words(text, 1, 10);
  EXPECT_EQ(vocabulary.size(), 3);
  EXPECT_EQ(vocabulary.encode(text), (Tokens{1, 1, 1, 2}));
}

TEST(WordVocabulary, AListComesBackAsItWas) {
  const Words list = {U"<pad>", U"<unk>", U"z", U"\u00E9t\u00E9", U"a"};
  const WordVocabulary vocabulary(list);
  EXPECT_EQ(vocabulary.words(), list);
  EXPECT_EQ(vocabulary.encode(Words{U"a", U"z", U"\u00E9t\u00E9"}), (Tokens{4, 2, 3}));
}

TEST(WordVocabulary, RefusesWhatIsNoVocabulary) {
  const auto make = [](Words list) { return [list] { WordVocabulary vocabulary(list); }; };
  expect_error(ErrorCode::kInvalidArgument, "does not begin with", make({}));
  expect_error(ErrorCode::kInvalidArgument, "does not begin with", make({U"<pad>"}));
  expect_error(ErrorCode::kInvalidArgument, "does not begin with", make({U"<unk>", U"<pad>"}));
  expect_error(ErrorCode::kInvalidArgument, "does not begin with", make({U"<pad>", U"the"}));
  expect_error(ErrorCode::kInvalidArgument, "token 3 is the word of token 2",
               make({U"<pad>", U"<unk>", U"a", U"a"}));
  expect_error(ErrorCode::kInvalidArgument, "token 2 is the word of token 0",
               make({U"<pad>", U"<unk>", U"<pad>"}));
  expect_error(ErrorCode::kInvalidArgument, "token 2 is an empty word", make({U"<pad>", U"<unk>", U""}));
  expect_error(ErrorCode::kTooBig, "4097 words", make([] {
                 Words list = {U"<pad>", U"<unk>"};
                 while (static_cast<Index>(list.size()) <= kMaxVocabSize) {
                   list.push_back({static_cast<char32_t>(0x4E00 + list.size())});
                 }
                 return list;
               }()));
  const Words words = {U"a"};
  expect_error(ErrorCode::kInvalidArgument, "min_count is 0",
               [&] { WordVocabulary::from_words(words, 0, 10); });
  expect_error(ErrorCode::kInvalidArgument, "max_size is 1",
               [&] { WordVocabulary::from_words(words, 1, 1); });
  expect_error(ErrorCode::kInvalidArgument, "max_size is 4097",
               [&] { WordVocabulary::from_words(words, 1, 4097); });
  const WordVocabulary vocabulary(Words{U"<pad>", U"<unk>"});
  expect_error(ErrorCode::kInvalidArgument, "token 2, expected 0 to 1", [&] { vocabulary.word(2); });
  expect_error(ErrorCode::kInvalidArgument, "token -1", [&] { vocabulary.word(-1); });
}

}  // namespace
}  // namespace unroll::testing::words_test
