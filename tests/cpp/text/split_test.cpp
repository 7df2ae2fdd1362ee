#include "unroll/text/split.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/expect_error.h"
#include "unroll/core/rng.h"

namespace unroll::testing::split_test {
namespace {

using testing::expect_error;

TEST(Split, GivesTheRangesOfTheReferenceRuns) {
  const Split split = split_by_position(1115394, {0.9, 0.05, 0.05});
  EXPECT_EQ(split.train, (TokenRange{0, 1003854}));
  EXPECT_EQ(split.validation, (TokenRange{1003854, 1059624}));
  EXPECT_EQ(split.test, (TokenRange{1059624, 1115394}));
}

TEST(Split, AddsFractionsAsAPersonWould) {
  // As doubles 0.7 + 0.1 is just below 0.8 and 0.9 + 0.05 just above 0.95.
  EXPECT_EQ(split_by_position(10, {0.7, 0.1, 0.2}).validation, (TokenRange{7, 8}));
  EXPECT_EQ(split_by_position(20, {0.9, 0.05, 0.05}).validation, (TokenRange{18, 19}));
  EXPECT_EQ(split_by_position(10, {0.6, 0.3, 0.1}).validation, (TokenRange{6, 9}));
}

TEST(Split, DropsTheFractionOfTheDoubleProductAsPythonDoes) {
  // int(0.29 * 100) is 28: the product is 28.999999999999996.
  EXPECT_EQ(split_by_position(100, {0.29, 0.71, 0}).train, (TokenRange{0, 28}));
  EXPECT_EQ(split_by_position(7, {0.5, 0.25, 0.25}).train, (TokenRange{0, 3}));
  EXPECT_EQ(split_by_position(7, {0.5, 0.25, 0.25}).validation, (TokenRange{3, 5}));
}

TEST(Split, AFractionOfZeroIsAnEmptyRange) {
  const Split all = split_by_position(5, {1, 0, 0});
  EXPECT_EQ(all.train, (TokenRange{0, 5}));
  EXPECT_EQ(all.validation.size(), 0);
  EXPECT_EQ(all.test.size(), 0);
  const Split no_test = split_by_position(10, {0.9, 0.1, 0});
  EXPECT_EQ(no_test.validation, (TokenRange{9, 10}));
  EXPECT_EQ(no_test.test, (TokenRange{10, 10}));
  const Split no_validation = split_by_position(10, {0.9, 0, 0.1});
  EXPECT_EQ(no_validation.validation.size(), 0);
  EXPECT_EQ(no_validation.test, (TokenRange{9, 10}));
}

TEST(Split, AFractionOfZeroStaysEmptyWhateverTheOthersRoundTo) {
  // The sums miss 1 and 0.5 by what check() and the twelve decimals forgive.
  const Split no_test = split_by_position(30, {0.9 - 5e-10, 0.1, 0});
  EXPECT_EQ(no_test.validation, (TokenRange{26, 30}));
  EXPECT_EQ(no_test.test.size(), 0);
  const Split no_validation = split_by_position(2, {0.5 - 1e-13, 0, 0.5 + 1e-13});
  EXPECT_EQ(no_validation.train, (TokenRange{0, 1}));
  EXPECT_EQ(no_validation.validation.size(), 0);
}

TEST(Split, CoversTheTextOnceForRandomFractions) {
  Rng rng(1, Rng::Purpose::kTask);
  for (int i = 0; i < 10000; ++i) {
    SplitFractions f;
    f.train = 0.1 + 0.4 * rng.uniform();
    f.validation = 0.01 + 0.4 * rng.uniform();
    f.test = 1 - f.train - f.validation;
    const Index length = 200 + static_cast<Index>(rng.below(5000000));
    const Split split = split_by_position(length, f);
    ASSERT_EQ(split.train.begin, 0);
    ASSERT_EQ(split.train.end, split.validation.begin);
    ASSERT_EQ(split.validation.end, split.test.begin);
    ASSERT_EQ(split.test.end, length);
    const auto n = static_cast<double>(length);
    ASSERT_LE(std::abs(static_cast<double>(split.train.size()) - f.train * n), 1.0);
    ASSERT_LE(std::abs(static_cast<double>(split.validation.size()) - f.validation * n), 1.001);
  }
}

TEST(Split, RefusesFractionsThatAreNone) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  for (const SplitFractions& f :
       {SplitFractions{0, 0.5, 0.5}, SplitFractions{-0.1, 0.6, 0.5}, SplitFractions{0.9, -0.05, 0.15},
        SplitFractions{0.9, 0.2, -0.1}, SplitFractions{0.9, 0.05, 0.06}, SplitFractions{0.9, 0.05, 0.04},
        SplitFractions{nan, 0.5, 0.5}, SplitFractions{0.5, nan, 0.5}, SplitFractions{0.5, 0.5, nan},
        SplitFractions{inf, 0, 0}, SplitFractions{inf, -inf, 1}, SplitFractions{1e308, 0, 0}}) {
    expect_error(ErrorCode::kInvalidArgument, "a sum of 1", [&] { split_by_position(1000, f); });
  }
  expect_error(ErrorCode::kInvalidArgument, "length -1", [] { split_by_position(-1, {}); });
}

TEST(Split, ToleratesASumThatMissesOneByRounding) {
  EXPECT_EQ(split_by_position(30, {1.0 / 3, 1.0 / 3, 1.0 / 3}).test.end, 30);
  EXPECT_EQ(split_by_position(30, {0.9 + 5e-10, 0.1, 0}).validation.end, 30);
}

TEST(Split, RefusesToLeaveAPieceEmpty) {
  expect_error(ErrorCode::kTextTooShort, "training part of a text of 0 tokens", [] {
    split_by_position(0, {1, 0, 0});
  });
  expect_error(ErrorCode::kTextTooShort, "training part of a text of 1 tokens", [] {
    split_by_position(1, {0.9, 0.1, 0});
  });
  // 0.9 * 19 = 17.1 and 0.95 * 19 = 18.05 leave one each; of 5 tokens, all of 4.5 and 4.75 is 4.
  EXPECT_EQ(split_by_position(19, {}).validation.size(), 1);
  expect_error(ErrorCode::kTextTooShort, "validation part of a text of 5 tokens",
               [] { split_by_position(5, {}); });
}

}  // namespace
}  // namespace unroll::testing::split_test
