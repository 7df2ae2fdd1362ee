#include "unroll/text/utf8.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/expect_error.h"
#include "unroll/core/rng.h"
#include "unroll/core/unicode.h"

namespace unroll::testing::utf8_test {
namespace {

using Bytes = std::vector<std::uint8_t>;
using testing::expect_error;

Bytes bytes_of(const std::string& string) {
  return {string.begin(), string.end()};
}

TEST(Utf8, EveryScalarValueSurvivesARoundTrip) {
  std::u32string all;
  for (char32_t c = 0; c <= kLastCodePoint; ++c) {
    if (is_scalar_value(c)) all.push_back(c);
  }
  EXPECT_EQ(all.size(), 0x110000u - 0x800u);
  EXPECT_EQ(decode_utf8(bytes_of(encode_utf8(all))), all);
}

TEST(Utf8, TakesTheFormOfTheStandard) {
  EXPECT_EQ(bytes_of(encode_utf8(U"$")), (Bytes{0x24}));
  EXPECT_EQ(bytes_of(encode_utf8(U"\u00A3")), (Bytes{0xC2, 0xA3}));
  EXPECT_EQ(bytes_of(encode_utf8(U"\u20AC")), (Bytes{0xE2, 0x82, 0xAC}));
  EXPECT_EQ(bytes_of(encode_utf8(U"\U00010348")), (Bytes{0xF0, 0x90, 0x8D, 0x88}));
  EXPECT_EQ(encode_utf8(U""), "");
  EXPECT_EQ(decode_utf8({}), U"");
}

TEST(Utf8, DropsOneLeadingByteOrderMarkAndKeepsOthers) {
  EXPECT_EQ(decode_utf8(Bytes{0xEF, 0xBB, 0xBF, 'a'}), U"a");
  EXPECT_EQ(decode_utf8(Bytes{0xEF, 0xBB, 0xBF}), U"");
  EXPECT_EQ(decode_utf8(Bytes{0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF}), U"\uFEFF");
  EXPECT_EQ(decode_utf8(Bytes{'a', 0xEF, 0xBB, 0xBF}), U"a\uFEFF");
}

struct Malformed {
  const char* why;
  Bytes bytes;
  std::size_t position;
};

TEST(Utf8, RefusesWhatIsNotUtf8AndSaysWhere) {
  const std::vector<Malformed> table = {
      {"stray continuation", {'a', 0x80}, 1},
      {"Latin-1 e acute", {'c', 'a', 'f', 0xE9}, 3},
      {"Latin-1 e acute before a letter", {0xE9, 't', 0xE9}, 0},
      {"overlong of two, C0", {0xC0, 0x80}, 0},
      {"overlong of two, C1", {0xC1, 0xBF}, 0},
      {"overlong of three", {0xE0, 0x9F, 0xBF}, 0},
      {"overlong of four", {0xF0, 0x8F, 0xBF, 0xBF}, 0},
      {"first surrogate", {0xED, 0xA0, 0x80}, 0},
      {"last surrogate", {0xED, 0xBF, 0xBF}, 0},
      {"pair of surrogates (CESU-8)", {0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80}, 0},
      {"U+110000", {0xF4, 0x90, 0x80, 0x80}, 0},
      {"lead F5", {0xF5, 0x80, 0x80, 0x80}, 0},
      {"five bytes", {0xF8, 0x88, 0x80, 0x80, 0x80}, 0},
      {"FE", {0xFE}, 0},
      {"UTF-16 little-endian", {0xFF, 0xFE, 'a', 0}, 0},
      {"UTF-16 big-endian", {0xFE, 0xFF, 0, 'a'}, 0},
      {"cut after one of two", {'a', 0xC3}, 1},
      {"cut after two of three", {'a', 'b', 0xE2, 0x82}, 2},
      {"cut after three of four", {0xF0, 0x9F, 0x98}, 0},
      {"second byte missing", {0xC3, 'a'}, 0},
      {"third byte missing", {0xE2, 0x82, 'a'}, 0},
      {"fourth byte missing", {0xF0, 0x9F, 0x98, 'a'}, 0},
      {"a PNG file", {0x89, 'P', 'N', 'G'}, 0},
      {"Shift-JIS", {0x83, 0x65, 0x83, 0x58}, 0},
      {"half a byte order mark", {0xEF, 0xBB}, 0},
  };
  for (const Malformed& entry : table) {
    SCOPED_TRACE(entry.why);
    expect_error(ErrorCode::kInvalidUtf8, "position " + std::to_string(entry.position) + ' ',
                 [&] { decode_utf8(entry.bytes); });
  }
}

TEST(Utf8, SaysWhichByteAndWhatToDo) {
  const Bytes latin = {'n', 'a', 0xEF, 'v', 'e'};
  const std::string message = testing::message_of(ErrorCode::kInvalidUtf8, [&] { decode_utf8(latin); });
  EXPECT_NE(message.find("0xEF at position 2"), std::string::npos) << message;
  EXPECT_NE(message.find("this file is not UTF-8 text"), std::string::npos) << message;
}

// The reader of the standard's table 3-7, written as ranges instead of arithmetic.
bool well_formed(const Bytes& b) {
  const auto in = [&](std::size_t i, int low, int high) {
    return i < b.size() && b[i] >= low && b[i] <= high;
  };
  std::size_t i = 0;
  while (i < b.size()) {
    if (in(i, 0x00, 0x7F)) {
      i += 1;
    } else if (in(i, 0xC2, 0xDF) && in(i + 1, 0x80, 0xBF)) {
      i += 2;
    } else if (((in(i, 0xE0, 0xE0) && in(i + 1, 0xA0, 0xBF)) ||
                (in(i, 0xE1, 0xEC) && in(i + 1, 0x80, 0xBF)) ||
                (in(i, 0xED, 0xED) && in(i + 1, 0x80, 0x9F)) ||
                (in(i, 0xEE, 0xEF) && in(i + 1, 0x80, 0xBF))) &&
               in(i + 2, 0x80, 0xBF)) {
      i += 3;
    } else if (((in(i, 0xF0, 0xF0) && in(i + 1, 0x90, 0xBF)) ||
                (in(i, 0xF1, 0xF3) && in(i + 1, 0x80, 0xBF)) ||
                (in(i, 0xF4, 0xF4) && in(i + 1, 0x80, 0x8F))) &&
               in(i + 2, 0x80, 0xBF) && in(i + 3, 0x80, 0xBF)) {
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

bool accepts(const Bytes& bytes) {
  try {
    decode_utf8(bytes);
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(Utf8, AcceptsExactlyTheTableOfTheStandard) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const Bytes pair = {static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b)};
      ASSERT_EQ(accepts(pair), well_formed(pair)) << a << ' ' << b;
      // After a lead of three or four bytes the decision falls at the second byte.
      for (const std::size_t more : {1u, 2u}) {
        Bytes longer = pair;
        longer.insert(longer.end(), more, 0x80);
        ASSERT_EQ(accepts(longer), well_formed(longer)) << a << ' ' << b << " and " << more;
      }
    }
  }
}

TEST(Utf8, AgreesWithTheTableOnRandomBytes) {
  Rng rng(3, Rng::Purpose::kTask);
  const Bytes interesting = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2,
                             0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
  int accepted = 0;
  for (int i = 0; i < 100000; ++i) {
    Bytes bytes(rng.below(6));
    for (auto& byte : bytes) byte = interesting[rng.below(interesting.size())];
    ASSERT_EQ(accepts(bytes), well_formed(bytes)) << i;
    accepted += accepts(bytes) ? 1 : 0;
  }
  EXPECT_GT(accepted, 1000);
}

TEST(Utf8, ReadsAndRefusesTheSameWhereverItStandsInALongText) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::u32string text = U"What is read in blocks, and not byte by byte";
    text[at] = U'\u00e9';
    const Bytes bytes = bytes_of(encode_utf8(text));
    EXPECT_EQ(decode_utf8(bytes), text) << at;
    Bytes damaged = bytes;
    damaged[at] = 0x80;
    expect_error(ErrorCode::kInvalidUtf8, "byte 0x80 at position " + std::to_string(at) + " does",
                 [&] { decode_utf8(damaged); });
  }
}

TEST(Utf8, RefusesToWriteWhatIsNoCharacter) {
  const std::u32string surrogate = {U'a', 0xD800, U'b'};
  expect_error(ErrorCode::kInvalidArgument, "U+D800 at position 1", [&] { encode_utf8(surrogate); });
  const std::u32string huge = {0x110000};
  expect_error(ErrorCode::kInvalidArgument, "U+110000 at position 0", [&] { encode_utf8(huge); });
}

TEST(Utf8, FindsWhereACharacterBegins) {
  const std::string text = "a\xC3\xA9\xF0\x9F\x98\x80z";  // of one, two, four and one bytes
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const std::size_t begins[] = {0, 1, 3, 7, 8, 8};
  for (Index i = 0; i < 6; ++i) EXPECT_EQ(utf8_offset(bytes, i), begins[i]);
}

TEST(Unicode, ShowsACharacterOnlyIfItCanBeSeen) {
  EXPECT_EQ(describe_character(U'a'), "U+0061 'a'");
  EXPECT_EQ(describe_character(U'\u00E9'), "U+00E9 '\xC3\xA9'");
  EXPECT_EQ(describe_character(U'\U0001F600'), "U+1F600 '\xF0\x9F\x98\x80'");
  for (const char32_t c : {U'\n', U' ', U'\x7F', U'\u00A0', U'\u00AD', U'\u0301', U'\u200B', U'\u202E',
                           U'\u2069', U'\u3000', U'\uE000', U'\uFE0F', U'\uFEFF', U'\uFFFC', U'\uFFFF',
                           U'\U000E0001', static_cast<char32_t>(0xD800)}) {
    EXPECT_EQ(describe_character(c).find('\''), std::string::npos) << describe_character(c);
  }
}

}  // namespace
}  // namespace unroll::testing::utf8_test
