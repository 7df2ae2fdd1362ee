#include "unroll/core/number_text.h"

#include <gtest/gtest.h>

namespace unroll::testing {
namespace {

TEST(NumberText, IsWhatAPersonWouldWrite) {
  EXPECT_EQ(number_text(0.0), "0");
  EXPECT_EQ(number_text(1024.0), "1024");
  EXPECT_EQ(number_text(-0.1), "-0.1");
  EXPECT_EQ(number_text(1e-30), "1e-30");
}

}  // namespace
}  // namespace unroll::testing
