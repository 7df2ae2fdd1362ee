#include "unroll/core/number_text.h"

#include <gtest/gtest.h>

namespace unroll::testing::number_text_test {
namespace {

TEST(NumberText, IsWhatAPersonWouldWrite) {
  EXPECT_EQ(number_text(0.0), "0");
  EXPECT_EQ(number_text(1024.0), "1024");
  EXPECT_EQ(number_text(-0.1), "-0.1");
  EXPECT_EQ(number_text(1e-30), "1e-30");
}

TEST(HexText, HasSixteenDigits) {
  EXPECT_EQ(hex_text(0), "0000000000000000");
  EXPECT_EQ(hex_text(0xcbf29ce484222325u), "cbf29ce484222325");
  EXPECT_EQ(hex_text(0x0af), "00000000000000af");
}

}  // namespace
}  // namespace unroll::testing::number_text_test
