#pragma once

#include <cstdint>
#include <span>

#include "unroll/core/types.h"

namespace unroll {

/// Some of the streams: begin .. end-1.
struct StreamRange {
  Index begin;
  Index end;
  Index size() const { return end - begin; }
};

/// A text as B streams that are read side by side, T tokens at a time: the order of truncated backpropagation
/// through time, where each window goes on where the last one of its stream stopped.
///
///   S = (N - 1) / B                       tokens of one stream; stream j is tokens j*S .. (j+1)*S - 1
///   chunk k, step t, stream j:            id     = tokens[j*S + k*T + t]
///                                         target = tokens[j*S + k*T + t + 1]
///   chunks_per_epoch = S / T              what is left over at the ends is not read
///
/// Arrays are time-major, (T, B): step t of stream j is at t*B + j. The order is the same in each epoch and
/// nothing is shuffled, because a stream's state is worth carrying only into its own continuation. At an
/// epoch's first chunk the streams jump back to their beginnings, and the caller sets the state to zero.
///
/// Example: N = 11, B = 2, T = 2 gives S = 5, two chunks: stream 0 reads 0 1 | 2 3, stream 1 reads 5 6 | 7 8.
class StreamBatches {
 public:
  /// Where reading goes on. With the same tokens, B and T a position is all that a checkpoint needs.
  struct Position {
    std::int64_t epoch = 0;  // whole passes done
    Index chunk = 0;         // the next chunk of this pass, 0 <= chunk < chunks_per_epoch

    bool operator==(const Position&) const = default;
  };

  /// The tokens are read where they are, and must stay there.
  /// Throws Error: kInvalidArgument unless batch_size and seq_len are positive, kTextTooShort unless there
  /// are B*T + 1 tokens, which is one chunk and its last target.
  StreamBatches(std::span<const TokenId> tokens, Index batch_size, Index seq_len)
      : StreamBatches(tokens, batch_size, seq_len, {0, batch_size}) {}

  /// Reads only these streams of the B; n of them give arrays (T, n). Throws Error(kInvalidArgument) as well
  /// unless they are there.
  StreamBatches(std::span<const TokenId> tokens, Index batch_size, Index seq_len, StreamRange streams);

  /// Writes the next chunk: ids (T, n) and targets (T, n), T*n numbers each. Allocates nothing.
  /// Returns true if this chunk begins an epoch: set the state to zero before using it.
  bool next(TokenId* ids, TokenId* targets);

  Index batch_size() const { return batch_size_; }
  Index seq_len() const { return seq_len_; }
  Index chunks_per_epoch() const { return stream_length_ / seq_len_; }

  const Position& position() const { return position_; }
  /// Throws Error(kInvalidArgument) if the position does not exist; reading then goes on where it was.
  void set_position(const Position& position);

 private:
  std::span<const TokenId> tokens_;  // (N)
  Index batch_size_;
  StreamRange streams_;
  Index seq_len_;
  Index stream_length_;  // S
  Position position_;
};

}  // namespace unroll
