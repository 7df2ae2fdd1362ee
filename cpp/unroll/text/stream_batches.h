#pragma once

#include <span>

#include "unroll/core/types.h"

namespace unroll {

/// A text as `batch_size` contiguous streams that are read side by side in chunks of `seq_len`.
///
///   stream b = tokens[b * n .. (b + 1) * n]    n = (size - 1) / batch_size
///   chunk k of an epoch: ids[t][b] = stream b [k * seq_len + t], targets[t][b] the token after it
///
/// Nothing is shuffled; what does not fill a chunk is dropped. Chunks of an epoch follow each other, so that
/// a state can be carried from one to the next.
class StreamBatches {
 public:
  /// `tokens` must outlive this. Throws Error(kTextTooShort) unless one chunk fits: batch_size * seq_len + 1
  /// tokens.
  StreamBatches(std::span<const TokenId> tokens, Index batch_size, Index seq_len);

  Index chunks_per_epoch() const { return stream_size_ / seq_len_; }
  /// Chunks that were read before, over all epochs.
  std::int64_t cursor() const { return cursor_; }
  void set_cursor(std::int64_t cursor) { cursor_ = cursor; }
  std::int64_t epoch() const { return cursor_ / chunks_per_epoch(); }
  void rewind() { cursor_ = 0; }

  /// Writes the next chunk, both (seq_len, batch_size). Returns true when it is the first of an epoch: the
  /// state that was carried so far belongs to other places of the text and must be set to zero.
  bool next(TokenId* ids, TokenId* targets);

 private:
  std::span<const TokenId> tokens_;
  Index batch_size_;
  Index seq_len_;
  Index stream_size_;
  std::int64_t cursor_ = 0;
};

}  // namespace unroll
