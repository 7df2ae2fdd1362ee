#include "unroll/core/number_text.h"

#include <gtest/gtest.h>

namespace unroll::testing::number_text_test {
namespace {

TEST(NumberText, IsWhatAPersonWouldWrite) {
  EXPECT_EQ(number_text(0.0), "0");
  EXPECT_EQ(number_text(1024.0), "1024");
  EXPECT_EQ(number_text(-0.1), "-0.1");
  EXPECT_EQ(number_text(1e-30), "1e-30");
  EXPECT_EQ(number_text(-0.1, 17), "-0.10000000000000001");
  EXPECT_EQ(number_text(-2.2250738585072014e-308, 17), "-2.2250738585072014e-308");
}

TEST(HexText, HasSixteenDigits) {
  EXPECT_EQ(hex_text(0), "0000000000000000");
  EXPECT_EQ(hex_text(0xcbf29ce484222325u), "cbf29ce484222325");
  EXPECT_EQ(hex_text(0x0af), "00000000000000af");
}

TEST(HexText, HasAsManyDigitsAsItNeeds) {
  EXPECT_EQ(hex_text(0xaf, 4), "00af");
  EXPECT_EQ(hex_text(0, 1), "0");
  EXPECT_EQ(hex_text(0x12345, 2), "12345");
  EXPECT_EQ(capital_hex_text(0x10ffff, 4), "10FFFF");
  EXPECT_EQ(capital_hex_text(0xcbf29ce484222325u, 4), "CBF29CE484222325");
}

}  // namespace
}  // namespace unroll::testing::number_text_test
