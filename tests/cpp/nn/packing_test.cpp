#include "unroll/nn/packing.h"

#include <gtest/gtest.h>

namespace unroll::testing::packing_test {
namespace {

TEST(Packing, FullHasTheBatchAtEveryStep) {
  Packing packing;
  packing.set_full(3, 4);
  EXPECT_EQ(packing.steps(), 3);
  EXPECT_EQ(packing.batch(), 4);
  EXPECT_EQ(packing.rows(), 12);
  EXPECT_TRUE(packing.is_full());
  for (Index t = 0; t < 3; ++t) {
    EXPECT_EQ(packing.offset(t), 4 * t);
    EXPECT_EQ(packing.rows_at(t), 4);
  }
}

/// The example of torch.nn.utils.rnn.pack_padded_sequence: batch_sizes 4, 3, 3, 1 for lengths 4, 3, 3, 1.
TEST(Packing, HasTorchsBatchSizes) {
  Packing packing;
  const Index lengths[] = {4, 3, 3, 1};
  packing.set_lengths(lengths);
  const Index batch_sizes[] = {4, 3, 3, 1};
  EXPECT_EQ(packing.steps(), 4);
  EXPECT_EQ(packing.rows(), 11);
  EXPECT_FALSE(packing.is_full());
  for (Index t = 0; t < 4; ++t) EXPECT_EQ(packing.rows_at(t), batch_sizes[t]);
}

TEST(Packing, CountsTheLivingForEveryFallingListOfLengths) {
  Packing packing;
  for (Index a = 1; a <= 4; ++a) {
    for (Index b = 1; b <= a; ++b) {
      for (Index c = 1; c <= b; ++c) {
        const Index lengths[] = {a, b, c};
        packing.set_lengths(lengths);
        ASSERT_EQ(packing.steps(), a);
        for (Index t = 0; t < a; ++t) {
          EXPECT_EQ(packing.rows_at(t), (a > t) + (b > t) + (c > t)) << a << b << c << " at " << t;
        }
        EXPECT_EQ(packing.is_full(), a == c);
      }
    }
  }
}

TEST(Packing, ForgetsItsEarlierShape) {
  Packing packing;
  const Index lengths[] = {3, 1};
  packing.set_full(2, 2);
  packing.set_lengths(lengths);
  packing.set_full(2, 2);
  EXPECT_EQ(packing.steps(), 2);
  EXPECT_EQ(packing.rows(), 4);
  packing.set_full(2, 3);
  EXPECT_EQ(packing.rows(), 6);
  packing.set_full(3, 2);
  EXPECT_EQ(packing.steps(), 3);
}

}  // namespace
}  // namespace unroll::testing::packing_test
