#include "unroll/math/lanes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace unroll::testing::lanes_test {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Lanes, LoadAndStoreNeedNoAlignment) {
  float numbers[9] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  const Floats v = load(numbers + 3);
  for (int lane = 0; lane < 4; ++lane) EXPECT_EQ(v[lane], static_cast<float>(3 + lane));
  store(numbers + 1, v);
  EXPECT_EQ(numbers[0], 0.0f);
  EXPECT_EQ(numbers[1], 3.0f);
  EXPECT_EQ(numbers[4], 6.0f);
  EXPECT_EQ(numbers[5], 5.0f);
}

TEST(Lanes, MinimumAndMaximumKeepANotANumberInTheFirstPlace) {
  const Floats a = {1.0f, 2.0f, kNan, 3.0f};
  const Floats b = {2.0f, 1.0f, 0.0f, kNan};
  const Floats low = lane_min(a, b), high = lane_max(a, b);
  EXPECT_EQ(low[0], 1.0f);
  EXPECT_EQ(low[1], 1.0f);
  EXPECT_TRUE(std::isnan(low[2]));
  EXPECT_EQ(low[3], 3.0f);
  EXPECT_EQ(high[0], 2.0f);
  EXPECT_EQ(high[1], 2.0f);
  EXPECT_TRUE(std::isnan(high[2]));
  EXPECT_EQ(high[3], 3.0f);
}

/// The float lanes do, one by one, what the double lane does.
TEST(Lanes, FloatAndDoubleAgree) {
  const float xs[] = {0.0f, -0.0f, 1.5f, -2.25f, 1e-40f, -1e-35f, kInfinity, -kInfinity, 1e30f};
  for (float x : xs) {
    for (float y : xs) {
      const double dx = static_cast<double>(x), dy = static_cast<double>(y);
      const auto same = [](Floats lanes, double one) {
        const double lane = static_cast<double>(lanes[2]);
        return lane == static_cast<double>(static_cast<float>(one)) || (std::isnan(lane) && std::isnan(one));
      };
      EXPECT_TRUE(same(lane_min(splat(x), splat(y)), lane_min(dx, dy))) << x << ", " << y;
      EXPECT_TRUE(same(lane_max(splat(x), splat(y)), lane_max(dx, dy))) << x << ", " << y;
      EXPECT_TRUE(same(where_positive(splat(x), splat(y)), where_positive(dx, dy))) << x << ", " << y;
      EXPECT_TRUE(same(flush_below(splat(x), splat(y)), flush_below(dx, dy))) << x << ", " << y;
    }
    EXPECT_EQ(lane_abs(splat(x))[1], std::abs(x));
    EXPECT_FALSE(std::signbit(lane_abs(splat(x))[1]));
    if (x >= 0.0f) {
      EXPECT_EQ(lane_sqrt(splat(x))[3], std::sqrt(x));
    }
  }
}

/// One rounding for the product and one for the sum: with a single one the result would be 2^-24.
TEST(Lanes, MultiplyAddRoundsTwice) {
  const float a = 1.0f + 0x1p-12f;
  const float product = a * a;
  EXPECT_EQ(madd(splat(a), splat(a), splat(-product))[0], 0.0f);
  EXPECT_NE(std::fma(a, a, -product), 0.0f);
}

}  // namespace
}  // namespace unroll::testing::lanes_test
