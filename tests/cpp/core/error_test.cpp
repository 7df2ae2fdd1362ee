#include "unroll/core/error.h"

#include <gtest/gtest.h>

#include <set>

namespace unroll::testing::error_test {
namespace {

TEST(Error, EveryCodeHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (int code = 0; code <= static_cast<int>(kLastErrorCode); ++code) {
    const std::string_view word = to_string(static_cast<ErrorCode>(code));
    EXPECT_FALSE(word.empty());
    EXPECT_EQ(word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), std::string_view::npos)
        << word;
    EXPECT_TRUE(words.insert(word).second) << word;
  }
}

TEST(Error, CarriesItsCodeAndSentence) {
  const Error error(ErrorCode::kTooBig, "Model: too big; make it smaller");
  EXPECT_EQ(error.code(), ErrorCode::kTooBig);
  EXPECT_STREQ(error.what(), "Model: too big; make it smaller");
}

}  // namespace
}  // namespace unroll::testing::error_test
