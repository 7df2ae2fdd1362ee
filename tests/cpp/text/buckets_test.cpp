#include "unroll/text/buckets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "support/expect_error.h"
#include "unroll/text/padding.h"

namespace unroll::testing::buckets_test {
namespace {

using testing::expect_error;
using Lengths = std::vector<Index>;

Rng shuffling(std::uint64_t seed) {
  return Rng(seed, Rng::Purpose::kShuffle);
}

Lengths random_lengths(std::uint64_t seed, std::size_t count) {
  Rng rng(seed, Rng::Purpose::kTask);
  Lengths lengths(count);
  for (Index& length : lengths) length = 1 + static_cast<Index>(rng.below(40));
  return lengths;
}

TEST(Buckets, EverySequenceIsInOneBatchLongestFirst) {
  for (const std::size_t count : {1u, 2u, 7u, 8u, 9u, 100u}) {
    for (const Index batch_size : {1, 2, 3, 8, 200}) {
      for (const Index pool : {1, 2, 5, 1000}) {
        const Lengths lengths = random_lengths(count, count);
        Rng rng = shuffling(1);
        const BucketedEpoch epoch = bucket_by_length(lengths, batch_size, pool, rng);
        Lengths seen;
        std::size_t smaller = 0;
        for (const auto& batch : epoch.batches) {
          ASSERT_FALSE(batch.empty());
          ASSERT_LE(static_cast<Index>(batch.size()), batch_size);
          if (static_cast<Index>(batch.size()) < batch_size) ++smaller;
          seen.insert(seen.end(), batch.begin(), batch.end());
          ASSERT_TRUE(std::is_sorted(batch.begin(), batch.end(), [&](Index a, Index b) {
            return lengths[static_cast<std::size_t>(a)] > lengths[static_cast<std::size_t>(b)];
          }));
        }
        ASSERT_LE(smaller, 1u);
        std::sort(seen.begin(), seen.end());
        Lengths all(count);
        std::iota(all.begin(), all.end(), Index{0});
        ASSERT_EQ(seen, all);
      }
    }
  }
}

TEST(Buckets, OnePoolSortsAsWellAsPossible) {
  // Two batches of two: 1 1 and 9 9, whatever the shuffle. Unsorted, chance decides.
  const Lengths lengths = {9, 1, 9, 1};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Rng rng = shuffling(seed);
    const BucketedEpoch epoch = bucket_by_length(lengths, 2, 2, rng);
    EXPECT_DOUBLE_EQ(epoch.padding_share, 0);
    const double unbucketed = epoch.padding_share_unbucketed;
    EXPECT_TRUE(unbucketed == 0 || std::abs(unbucketed - (1 - 20.0 / 36)) < 1e-15) << unbucketed;
  }
}

TEST(Buckets, PadsLessThanChanceAndLessInLargerPools) {
  const Lengths lengths = random_lengths(5, 1000);
  double last = 1;
  for (const Index pool : {1, 4, 16, 63}) {
    Rng rng = shuffling(2);
    const BucketedEpoch epoch = bucket_by_length(lengths, 16, pool, rng);
    if (pool == 1) {
      EXPECT_EQ(epoch.padding_share, epoch.padding_share_unbucketed);
    }
    EXPECT_LT(epoch.padding_share, last);
    last = epoch.padding_share;
  }
  EXPECT_LT(last, 0.03);
}

TEST(Buckets, TheShareIsThatOfThePaddedBatches) {
  const Lengths lengths = random_lengths(6, 50);
  std::vector<std::vector<TokenId>> sequences;
  for (const Index length : lengths) sequences.emplace_back(static_cast<std::size_t>(length), 1);
  Rng rng = shuffling(3);
  const BucketedEpoch epoch = bucket_by_length(lengths, 8, 2, rng);
  double padding = 0;
  double all = 0;
  for (const auto& batch : epoch.batches) {
    const PaddedBatch padded = pad_sequences(sequences, batch, 0);
    padding += static_cast<double>(std::count(padded.ids.begin(), padded.ids.end(), 0));
    all += static_cast<double>(padded.ids.size());
  }
  EXPECT_NEAR(epoch.padding_share, padding / all, 1e-15);
}

TEST(Buckets, TheSameStateGivesTheSameEpochAndTheNextIsAnother) {
  const Lengths lengths = random_lengths(7, 60);
  Rng first = shuffling(4);
  Rng second = shuffling(4);
  const auto epoch = bucket_by_length(lengths, 4, 3, first).batches;
  EXPECT_EQ(bucket_by_length(lengths, 4, 3, second).batches, epoch);
  EXPECT_NE(bucket_by_length(lengths, 4, 3, first).batches, epoch);
}

TEST(Buckets, EachSequenceComesFirstEquallyOften) {
  // With one length and batches of one only chance is left: 10,000 epochs of 5, mean 2000, deviation 40.
  Rng rng = shuffling(5);
  Lengths counts(5);
  for (int i = 0; i < 10000; ++i) {
    ++counts[static_cast<std::size_t>(bucket_by_length(Lengths(5, 3), 1, 2, rng).batches[0][0])];
  }
  for (const Index count : counts) EXPECT_NEAR(static_cast<double>(count), 2000, 200);
}

TEST(Buckets, EachPairMeetsEquallyOften) {
  // Of four equally long sequences 0 has one of three partners: 3,000 epochs, mean 1000, deviation 26.
  Rng rng = shuffling(8);
  Lengths partners(4);
  for (int i = 0; i < 3000; ++i) {
    for (const auto& batch : bucket_by_length(Lengths(4, 3), 2, 2, rng).batches) {
      if (batch[0] == 0) ++partners[static_cast<std::size_t>(batch[1])];
      if (batch[1] == 0) ++partners[static_cast<std::size_t>(batch[0])];
    }
  }
  EXPECT_EQ(partners[0], 0);
  for (std::size_t other = 1; other < 4; ++other) {
    EXPECT_NEAR(static_cast<double>(partners[other]), 1000, 150) << other;
  }
}

TEST(Buckets, LongAndShortBatchesComeInAnyOrder) {
  // One pool of 6 5 | 4 3 | 2 1: each of the three comes first in a third of 3,000 epochs.
  Rng rng = shuffling(9);
  Lengths first(3);
  for (int i = 0; i < 3000; ++i) {
    const auto batches = bucket_by_length(Lengths{1, 2, 3, 4, 5, 6}, 2, 3, rng).batches;
    ++first[static_cast<std::size_t>(batches[0][0] / 2)];
  }
  for (const Index count : first) EXPECT_NEAR(static_cast<double>(count), 1000, 150);
}

TEST(Buckets, TakesSizesWhoseProductDoesNotFit) {
  constexpr Index huge = std::numeric_limits<Index>::max();
  Rng rng = shuffling(6);
  EXPECT_EQ(bucket_by_length(Lengths{1, 2, 3}, huge, huge, rng).batches.size(), 1u);
  EXPECT_EQ(bucket_by_length(Lengths{1, 2, 3}, 2, huge, rng).batches.size(), 2u);
}

TEST(Buckets, TakesAMillionSequencesAndNoMore) {
  Rng rng = shuffling(10);
  const Lengths lengths(static_cast<std::size_t>(kMaxBucketed), 1);
  EXPECT_EQ(bucket_by_length(lengths, 1 << 16, 1, rng).batches.size(), 16u);
  const Lengths more(lengths.size() + 1, 1);
  expect_error(ErrorCode::kTooBig, "there are 1048577 sequences, expected at most 1048576",
               [&] { bucket_by_length(more, 1 << 16, 1, rng); });
}

TEST(Buckets, RefusesSizesThatAreNone) {
  Rng rng = shuffling(7);
  expect_error(ErrorCode::kInvalidArgument, "number of sequences is 0",
               [&] { bucket_by_length(Lengths{}, 1, 1, rng); });
  expect_error(ErrorCode::kInvalidArgument, "batch_size is 0",
               [&] { bucket_by_length(Lengths{1}, 0, 1, rng); });
  expect_error(ErrorCode::kInvalidArgument, "pool_batches is -1",
               [&] { bucket_by_length(Lengths{1}, 1, -1, rng); });
  expect_error(ErrorCode::kInvalidArgument, "length of sequence 1 is 0", [&] {
    bucket_by_length(Lengths{1, 0}, 1, 1, rng);
  });
}

}  // namespace
}  // namespace unroll::testing::buckets_test
