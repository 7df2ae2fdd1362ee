#pragma once

#include <span>
#include <vector>

#include "unroll/core/rng.h"
#include "unroll/core/types.h"

namespace unroll {

/// Sequences of an epoch. As they are sorted within their pools only, more can be drawn in several calls.
inline constexpr Index kMaxBucketed = Index{1} << 20;

/// An epoch of batches in which sequences of about the same length meet, so that little is padded.
///
///   1. shuffle all sequences
///   2. cut the order into pools of pool_batches * B sequences; sort each pool, longest first
///   3. cut each pool into batches of B; the last of an epoch may be smaller
///   4. shuffle the batches
///
/// The pool is the trade: one batch per pool leaves everything to chance and pads most, one pool for all pads
/// least, but then the same sequences meet in each epoch. Within a batch the longest comes first, which is
/// the order that packed sequences need. (The idea is torchtext's BucketIterator.)
struct BucketedEpoch {
  std::vector<std::vector<Index>> batches;  // positions of sequences; each sequence is in one batch
  double padding_share = 0;                 // of all numbers in all rectangles, see PaddedBatch
  double padding_share_unbucketed = 0;      // the same for the order of step 1 cut into batches as it is
};

/// Draws an epoch. rng should be one of purpose kShuffle; the same state gives the same epoch.
///
/// Throws Error(kInvalidArgument) unless there are sequences, all lengths, batch_size and pool_batches are
/// positive, and Error(kTooBig) above kMaxBucketed sequences.
BucketedEpoch bucket_by_length(std::span<const Index> lengths, Index batch_size, Index pool_batches,
                               Rng& rng);

}  // namespace unroll
