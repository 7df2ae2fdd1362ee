#pragma once

#include <span>
#include <vector>

#include "unroll/core/types.h"

namespace unroll {

/// The most numbers of one rectangle, 64 MiB: the largest batch of the longest windows takes a sixty-fourth.
/// One long sequence makes every short one long, so a small file could ask for more than there is.
inline constexpr Index kMaxPaddedIds = Index{1} << 24;

/// Sequences of different lengths side by side in one rectangle, the shorter ones filled up at their ends.
///
///   T = the longest length           ids[t*B + j] = sequence j at step t, or pad once it has ended
///
/// The lengths travel with the ids: a layer that knows them neither reads padding nor learns from it.
struct PaddedBatch {
  Index seq_len = 0;           // T
  Index batch_size = 0;        // B
  std::vector<TokenId> ids;    // (T, B), time-major
  std::vector<Index> lengths;  // (B), each 1 to T

  /// Which part of the rectangle is padding, 0 <= share < 1: work done for nothing by a layer without
  /// lengths.
  double padding_share() const;
};

/// The sequences at these positions of `sequences`, in this order.
///
/// Throws Error: kInvalidArgument if none is chosen, a position does not exist, or a chosen sequence is
/// empty, kTooBig if T * B is more than kMaxPaddedIds.
PaddedBatch pad_sequences(std::span<const std::vector<TokenId>> sequences, std::span<const Index> chosen,
                          TokenId pad);

}  // namespace unroll
