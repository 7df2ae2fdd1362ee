#include "support/gradient_check.h"

#include <gtest/gtest.h>

#include <limits>

/// The checker itself: one wrong gradient among good ones fails the check, wherever it stands.
namespace unroll::testing::gradient_check_test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Pair {
  double analytic;
  double numeric;
};

const Pair kWrong[] = {{kNan, 1.0},      {1.0, kNan},       {kNan, kNan},
                       {kInfinity, 1.0}, {1.0, -kInfinity}, {kInfinity, kInfinity},
                       {1.0, -1.0},      {1.0, 1.001}};

/// Passes as the tests ask it.
bool passes(const GradientCheck& check) {
  return check.worst <= kGradientTolerance;
}

TEST(GradientCheck, PassesWhatAgrees) {
  GradientCheck check;
  check.compare(1.0, 1.0 + 1e-9);
  check.compare(0.0, 1e-10);
  check.compare(-3e5, -3e5);
  EXPECT_TRUE(passes(check));
  EXPECT_EQ(check.compared, 3);
}

TEST(GradientCheck, FailsWithOneWrongGradientAmongGoodOnes) {
  for (const auto& [analytic, numeric] : kWrong) {
    for (int place = 0; place < 3; ++place) {
      GradientCheck check;
      for (int i = 0; i < 3; ++i) {
        if (i == place) {
          check.compare(analytic, numeric);
        } else {
          check.compare(0.5, 0.5);
        }
      }
      EXPECT_FALSE(passes(check)) << analytic << " and " << numeric << " at " << place;
      EXPECT_EQ(check.compared, 3);
    }
  }
}

TEST(GradientCheck, JoinsInAnyOrder) {
  for (const auto& [analytic, numeric] : kWrong) {
    GradientCheck good, bad;
    good.compare(2.0, 2.0);
    bad.compare(analytic, numeric);
    GradientCheck first = bad, second = good;
    first.join(good);
    second.join(bad);
    for (const GradientCheck& joined : {first, second}) {
      EXPECT_FALSE(passes(joined)) << analytic << " and " << numeric;
      EXPECT_EQ(joined.compared, 2);
    }
    first.join(good);
    EXPECT_FALSE(passes(first));
  }
}

/// A derivative that is not a number: the loss is none on one side of the place.
TEST(GradientCheck, SeesALossThatIsNotANumber) {
  AlignedBuffer<double> values(8), gradients(8);
  gradients[0] = 1.0;
  gradients[1] = 1.0;
  GradientCheck check;
  check_rows(values, gradients, 1, 2, check, [&] { return values[0] > 0.0 ? kNan : values[0] + values[1]; });
  EXPECT_EQ(check.compared, 2);
  EXPECT_FALSE(passes(check));
}

}  // namespace
}  // namespace unroll::testing::gradient_check_test
