#include "unroll/core/checked.h"

#include <gtest/gtest.h>

#include <limits>

namespace unroll::testing::checked_test {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(Checked, GivesTheResultWhereItFits) {
  EXPECT_EQ(checked::multiply(6, 7), 42u);
  EXPECT_EQ(checked::multiply(0, kMax), 0u);
  EXPECT_EQ(checked::multiply(1, kMax), kMax);
  EXPECT_EQ(checked::multiply(std::uint64_t{1} << 31, std::uint64_t{1} << 32), std::uint64_t{1} << 63);
  EXPECT_EQ(checked::add(kMax - 1, 1), kMax);
}

TEST(Checked, GivesNothingWhereItDoesNot) {
  EXPECT_EQ(checked::multiply(std::uint64_t{1} << 32, std::uint64_t{1} << 32), std::nullopt);
  EXPECT_EQ(checked::multiply(kMax, 2), std::nullopt);
  EXPECT_EQ(checked::add(kMax, 1), std::nullopt);
}

}  // namespace
}  // namespace unroll::testing::checked_test
