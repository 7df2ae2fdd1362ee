#include "unroll/training/recent_losses.h"

#include <gtest/gtest.h>

namespace unroll::testing::recent_losses_test {
namespace {

TEST(RecentLosses, AreThoseOfTheLastFiftySteps) {
  RecentLosses recent;
  EXPECT_TRUE(recent.values().empty());
  for (int i = 1; i <= 3; ++i) recent.add(i);
  EXPECT_EQ(recent.mean(), 2.0);
  for (int i = 4; i <= 120; ++i) recent.add(i);
  EXPECT_EQ(recent.values().size(), 50u);
  EXPECT_EQ(recent.values().front(), 71.0);
  EXPECT_EQ(recent.mean(), (71.0 + 120.0) / 2.0);
  recent.clear();
  recent.add(7.0);
  EXPECT_EQ(recent.mean(), 7.0);
}

}  // namespace
}  // namespace unroll::testing::recent_losses_test
