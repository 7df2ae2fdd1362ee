#include "unroll/math/elementary.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "unroll/core/number_text.h"

namespace unroll::testing::elementary_test {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kDenormal = std::numeric_limits<float>::denorm_min();

float tanh_of(float x) {
  return lane_tanh(splat(x))[0];
}
float sigmoid_of(float x) {
  return lane_sigmoid(splat(x))[0];
}
float exp_of(float x) {
  return lane_exp(splat(x))[0];
}

/// The distance between neighbouring floats at x.
double ulp_at(double x) {
  const float f = std::abs(static_cast<float>(x));
  return static_cast<double>(std::nextafter(f, kInfinity)) - static_cast<double>(f);
}

/// Half a million floats spread evenly over [-limit, limit], and as many spread evenly over their bits, from
/// 1e-40 to the limit, of both signs; and where an exhaustive search found the worst error of each function.
std::vector<float> points(float limit) {
  std::vector<float> result = {4.01510334f, 11.8518744f, -8.03020668f, -81.3947906f};
  std::erase_if(result, [&](float x) { return std::abs(x) > limit; });
  constexpr int kCount = 500'000;
  for (int i = 0; i <= kCount; ++i) result.push_back(limit * (2.0f * static_cast<float>(i) / kCount - 1.0f));
  const auto first = std::bit_cast<std::uint32_t>(1e-40f);
  const auto last = std::bit_cast<std::uint32_t>(limit);
  for (int i = 0; i <= kCount; ++i) {
    const auto bits = static_cast<std::uint32_t>(first + std::uint64_t{last - first} * i / kCount);
    const float x = std::bit_cast<float>(bits);
    result.push_back(i % 2 == 0 ? x : -x);
  }
  return result;
}

struct Errors {
  double ulp = 0.0;
  double absolute = 0.0;
};

template <class Function, class Exact>
Errors errors_of(Function function, Exact exact, float limit) {
  Errors errors;
  for (float x : points(limit)) {
    const double expected = exact(static_cast<double>(x));
    const double error = std::abs(static_cast<double>(function(x)) - expected);
    if (!std::isfinite(error)) return {HUGE_VAL, HUGE_VAL};  // a maximum would pass over a NaN
    errors.absolute = std::max(errors.absolute, error);
    errors.ulp = std::max(errors.ulp, error / ulp_at(expected));
  }
  return errors;
}

TEST(Tanh, IsAsAccurateAsPromised) {
  const Errors errors = errors_of(
      tanh_of, [](double x) { return std::tanh(x); }, 10.0f);
  EXPECT_LE(errors.ulp, 6.3);
  EXPECT_LE(errors.absolute, 3.8e-7);
  RecordProperty("ulp", number_text(errors.ulp));
  RecordProperty("absolute", number_text(errors.absolute));
}

TEST(Sigmoid, IsAsAccurateAsPromised) {
  const Errors errors = errors_of(
      sigmoid_of, [](double x) { return 1.0 / (1.0 + std::exp(-x)); }, 30.0f);
  EXPECT_LE(errors.absolute, 2.2e-7);
  RecordProperty("absolute", number_text(errors.absolute));
}

TEST(Exp, IsAsAccurateAsPromised) {
  const Errors errors = errors_of(
      exp_of, [](double x) { return std::exp(x); }, 87.0f);
  EXPECT_LE(errors.ulp, 1.0);
  RecordProperty("ulp", number_text(errors.ulp));
}

TEST(Exp, StopsAtTheEndsOfItsRange) {
  for (float x : {-87.5f, -100.0f, -1e30f, -kInfinity}) EXPECT_EQ(exp_of(x), exp_of(-87.0f)) << x;
  for (float x : {88.5f, 100.0f, 1e30f, kInfinity}) EXPECT_EQ(exp_of(x), exp_of(88.0f)) << x;
  EXPECT_GT(exp_of(-87.0f), std::numeric_limits<float>::min());
  EXPECT_LT(exp_of(88.0f), kInfinity);
}

TEST(Tanh, StaysWithinOneAndReachesIt) {
  for (float x : points(20.0f)) ASSERT_LE(std::abs(tanh_of(x)), 1.0f) << x;
  for (float x : {9.02f, 10.0f, 1e30f, kInfinity}) {
    EXPECT_NEAR(tanh_of(x), 1.0f, 1.2e-7f);
    EXPECT_EQ(tanh_of(-x), -tanh_of(x));
  }
}

TEST(Sigmoid, StaysBetweenZeroAndOne) {
  for (float x : points(40.0f)) {
    ASSERT_GE(sigmoid_of(x), 0.0f) << x;
    ASSERT_LE(sigmoid_of(x), 1.0f) << x;
  }
  for (float x : {25.0f, 1e30f, kInfinity}) {
    EXPECT_NEAR(sigmoid_of(x), 1.0f, 1.2e-7f);
    EXPECT_NEAR(sigmoid_of(-x), 0.0f, 1.2e-7f);
  }
}

TEST(Elementary, ZeroAndDenormalsAreExact) {
  EXPECT_EQ(tanh_of(0.0f), 0.0f);
  EXPECT_TRUE(std::signbit(tanh_of(-0.0f)));
  EXPECT_EQ(tanh_of(kDenormal), kDenormal);
  EXPECT_EQ(tanh_of(-3.0f * kDenormal), -3.0f * kDenormal);
  EXPECT_EQ(sigmoid_of(0.0f), 0.5f);
  EXPECT_EQ(sigmoid_of(-kDenormal), 0.5f);
  EXPECT_EQ(exp_of(0.0f), 1.0f);
  EXPECT_EQ(exp_of(-0.0f), 1.0f);
  EXPECT_EQ(exp_of(kDenormal), 1.0f);
}

TEST(Elementary, TanhIsOdd) {
  for (float x : points(12.0f)) ASSERT_EQ(tanh_of(-x), -tanh_of(x)) << x;
}

/// A rational function in floats is not monotone to the last bit, but it never falls by more than its error.
template <class Function>
void expect_nearly_rising(Function function, float limit, double step_down) {
  std::vector<float> xs = points(limit);
  std::sort(xs.begin(), xs.end());
  double highest = static_cast<double>(function(xs.front()));
  double fall = 0.0;
  for (float x : xs) {
    const double y = static_cast<double>(function(x));
    fall = std::max(fall, highest - y);
    highest = std::max(highest, y);
  }
  EXPECT_LE(fall, step_down);
}

TEST(Elementary, FunctionsRise) {
  expect_nearly_rising(tanh_of, 10.0f, 6.0e-7);
  expect_nearly_rising(sigmoid_of, 30.0f, 3.0e-7);
  expect_nearly_rising([](float x) { return std::log(static_cast<double>(exp_of(x))); }, 87.0f, 2.4e-7);
}

/// What is not a number must be seen in the loss; a clamp that turned it into one would hide it.
TEST(Elementary, NotANumberStaysOne) {
  // The two that arithmetic makes.
  for (float nan : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_TRUE(std::isnan(tanh_of(nan)));
    EXPECT_TRUE(std::isnan(sigmoid_of(nan)));
    EXPECT_TRUE(std::isnan(exp_of(nan)));
  }
}

TEST(Elementary, LanesDoNotTouchEachOther) {
  const Floats mixed = {0.5f, -kInfinity, std::numeric_limits<float>::quiet_NaN(), 3.0f};
  const Floats tanhs = lane_tanh(mixed), sigmoids = lane_sigmoid(mixed), exps = lane_exp(mixed);
  for (int lane : {0, 1, 3}) {
    EXPECT_EQ(tanhs[lane], tanh_of(mixed[lane]));
    EXPECT_EQ(sigmoids[lane], sigmoid_of(mixed[lane]));
    EXPECT_EQ(exps[lane], exp_of(mixed[lane]));
  }
}

TEST(Elementary, DoubleIsTheLibrarys) {
  for (double x : {0.7, -3.5}) {  // in variables: the compiler's own tanh of a constant may round otherwise
    EXPECT_EQ(lane_tanh(x), std::tanh(x));
    EXPECT_EQ(lane_exp(x), std::exp(x));
  }
  EXPECT_NEAR(lane_sigmoid(-40.0), std::exp(-40.0), 1e-30) << "the double one is exact where it is tiny";
}

}  // namespace
}  // namespace unroll::testing::elementary_test
