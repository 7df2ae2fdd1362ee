#include "unroll/io/json.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "unroll/core/rng.h"
#include "unroll/core/unicode.h"

namespace unroll::testing::json_test {
namespace {

using testing::expect_error;
using Kind = JsonValue::Kind;

JsonValue parse(const std::string& text) {
  return parse_json_object({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string string_of(const std::string& json) {
  return parse("{\"k\":" + json + "}").members[0].value.string;
}

TEST(Json, ReadsObjectsListsStringsAndNumbersInTheirOrder) {
  const JsonValue value = parse("{ \"b\" : [ 1 , \"x\" , { } ] ,\r\n\t\"a\" : 0 , \"\" : [ ] }  ");
  ASSERT_EQ(value.members.size(), 3u);
  EXPECT_EQ(value.members[0].name, "b");
  const auto& items = value.members[0].value.items;
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].kind, Kind::kNumber);
  EXPECT_EQ(items[0].number, 1u);
  EXPECT_EQ(items[1].kind, Kind::kString);
  EXPECT_EQ(items[1].string, "x");
  EXPECT_EQ(items[2].kind, Kind::kObject);
  EXPECT_EQ(value.members[1].name, "a");
  EXPECT_EQ(value.members[1].value.number, 0u);
  EXPECT_EQ(value.members[2].name, "");
  EXPECT_EQ(value.members[2].value.kind, Kind::kArray);
  EXPECT_TRUE(parse("{}").members.empty());
}

TEST(Json, ReadsNumbersUpToTwoToThe53) {
  const auto number = [](const std::string& digits) {
    return parse("{\"n\":" + digits + "}").members[0].value.number;
  };
  EXPECT_EQ(number("10"), 10u);
  EXPECT_EQ(number("9007199254740992"), kMaxJsonNumber);
  for (const char* digits : {"9007199254740993", "18446744073709551615", "18446744073709551616",
                             "18446744073709551617", "99999999999999999999999999"}) {
    expect_error(ErrorCode::kFileInvalid, "2^53", [&] { number(digits); });
  }
}

TEST(Json, DecodesEscapes) {
  EXPECT_EQ(string_of(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(string_of(R"("\u0041\u00e9\u20AC")"), "A\xC3\xA9\xE2\x82\xAC");
  EXPECT_EQ(string_of(R"("\uD83D\uDE00")"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(string_of(R"("\udbff\udfff")"), "\xF4\x8F\xBF\xBF");
  EXPECT_EQ(string_of(R"("\ud800\udc00")"), "\xF0\x90\x80\x80");
  EXPECT_EQ(string_of(R"("\u0000")"), std::string(1, '\0'));
  EXPECT_EQ(string_of("\"\xF0\x9F\x98\x80\x7F\""), "\xF0\x9F\x98\x80\x7F");
}

TEST(Json, RefusesEveryOtherText) {
  for (const char* text : {
           "",
           " ",
           " {}",
           "[]",
           "1",
           "\"a\"",
           "{",
           "}",
           "{,}",
           "{\"a\"}",
           "{\"a\":}",
           "{\"a\":1,}",
           "{\"a\":1 \"b\":2}",
           "{\"a\" 1}",
           "{a:1}",
           "{'a':1}",
           "{1:1}",
           "{\"a\":1}}",
           "{\"a\":1}x",
           "{}\n",
           "{}\t",
           "{}{}",
           "{\"a\":[}",
           "{\"a\":[1}",
           "{\"a\":[1,]}",
           "{\"a\":[,1]}",
           "{\"a\":[1 2]}",
           "{\"a\":true}",
           "{\"a\":false}",
           "{\"a\":null}",
           "{\"a\":NaN}",
           "{\"a\":-1}",
           "{\"a\":-0}",
           "{\"a\":+1}",
           "{\"a\":1.0}",
           "{\"a\":.5}",
           "{\"a\":1e3}",
           "{\"a\":01}",
           "{\"a\":00}",
           "{\"a\":0x1}",
           "{\"a",
           "{\"a\":\"b",
           "{\"a\":\"\\",
           "{\"a\":\"\\u12",
           "{\"a\":\"\\x41\"}",
           "{\"a\":\"\\u12g4\"}",
           "{\"a\":\"\\'\"}",
           "{\"a\":\"\\ud800\"}",
           "{\"a\":\"\\ud800x\"}",
           "{\"a\":\"\\ud800\\n\"}",
           "{\"a\":\"\\ud800\\ud800\"}",
           "{\"a\":\"\\ud800\\u0041\"}",
           "{\"a\":\"\\udc00\"}",
           "{\"a\":\"\\udc00\\ud800\"}",
           "{\"a\":\"\\ud83d\\uDE\"}",
           "{\"a\":\"\\udc00\\udc00\"}",
           "{\"a\":\"\\udfff\\udc00\"}",
           "{\"a\":\"\\ud800\\udbff\"}",
           "{\"a\":\"\\ud800\\ue000\"}",
           "{\"a\":\"\n\"}",
           "{\"a\":\"\x01\"}",
           "{\"a\":\"\x1F\"}",
           "{\"a\":\"\xC0\x80\"}",
           "{\"a\":\"\xED\xA0\x80\"}",
           "{\"a\":\"\xFF\"}",
           "{\"a\":\"\xE2\x82\"}",
           "{\"\xFF\":1}",
           "{/**/}",
           "{\"a\":1}//",
           "\xEF\xBB\xBF{}",
           "{\v}",
           "{\xC2\xA0}",
       }) {
    SCOPED_TRACE(text);
    expect_error(ErrorCode::kFileInvalid, "of the header: expected ", [&] { parse(text); });
  }
  expect_error(ErrorCode::kFileInvalid, "of the header", [] { parse(std::string("{}\0", 3)); });
  expect_error(ErrorCode::kFileInvalid, "of the header", [] { parse(std::string("{\"a\":\"\0\"}", 9)); });
}

TEST(Json, RefusesANameThatComesTwiceInOneObject) {
  expect_error(ErrorCode::kFileInvalid, "every name once", [] { parse("{\"a\":1,\"b\":2,\"a\":1}"); });
  expect_error(ErrorCode::kFileInvalid, "every name once", [] { parse("{\"a\":1,\"\\u0061\":1}"); });
  expect_error(ErrorCode::kFileInvalid, "every name once", [] { parse("{\"a\":{\"\":1,\"\":1}}"); });
  EXPECT_EQ(parse("{\"a\":{\"a\":1},\"b\":{\"a\":1}}").members.size(), 2u);
}

TEST(Json, BoundsItsDepthAndItsValues) {
  EXPECT_EQ(parse("{\"a\":[[[]]]}").members.size(), 1u);
  expect_error(ErrorCode::kFileInvalid, "levels of nesting", [] { parse("{\"a\":[[[[]]]]}"); });
  expect_error(ErrorCode::kFileInvalid, "levels of nesting",
               [] { parse("{\"a\":" + std::string(200000, '[')); });
  const auto list_of = [](int count) {
    std::string list = "{\"a\":[1";
    for (int i = 1; i < count; ++i) list += ",1";
    return list + "]}";
  };
  EXPECT_EQ(parse(list_of(kMaxJsonValues - 1)).members[0].value.items.size(), kMaxJsonValues - 1u);
  expect_error(ErrorCode::kFileInvalid, "at most 8192 values", [&] { parse(list_of(kMaxJsonValues)); });
}

TEST(Json, SaysWhereItStopped) {
  expect_error(ErrorCode::kFileInvalid, "byte 5 of the header", [] { parse("{\"a\":-1}"); });
  expect_error(ErrorCode::kFileInvalid, "byte 8 of the header", [] { parse("{\"a\":\"bc\xFF\"}"); });
}

TEST(Json, ReadsBackEveryStringItWrites) {
  Rng rng(1, Rng::Purpose::kTask);
  for (int round = 0; round < 300; ++round) {
    std::string string;
    for (std::uint64_t i = rng.below(40); i > 0; --i) {
      const auto c = static_cast<char32_t>(rng.below(round % 2 == 0 ? 128 : kLastCodePoint + 1));
      if (is_scalar_value(c)) append_utf8(c, string);
    }
    std::string json;
    append_json_string(string, json);
    ASSERT_EQ(string_of(json), string) << json;
  }
}

TEST(Json, EscapesOnlyWhatItMust) {
  std::string json = "=";
  append_json_string(std::string("a\"\\/\b\f\n\r\t\v\0\x1F\x7F\xC3\xA9", 15), json);
  EXPECT_EQ(json, "=\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u000b\\u0000\\u001f\x7F\xC3\xA9\"");
  expect_error(ErrorCode::kInvalidArgument, "byte 1 does not begin",
               [&] { append_json_string("a\xFF", json); });
}

}  // namespace
}  // namespace unroll::testing::json_test
