#include "unroll/text/stream_batches.h"

#include <string>

#include "unroll/core/error.h"

namespace unroll {

StreamBatches::StreamBatches(std::span<const TokenId> tokens, Index batch_size, Index seq_len)
    : tokens_(tokens), batch_size_(batch_size), seq_len_(seq_len) {
  const auto size = static_cast<Index>(tokens.size());
  stream_size_ = size > 0 ? (size - 1) / batch_size : 0;
  if (stream_size_ >= seq_len) return;
  throw Error(ErrorCode::kTextTooShort,
              "StreamBatches: the training part has " + std::to_string(size) + " characters, but " +
                  std::to_string(batch_size) + " streams of " + std::to_string(seq_len) +
                  " characters need at least " + std::to_string(batch_size * seq_len + 1) +
                  "; use a longer text, or lower the batch size or the sequence length");
}

bool StreamBatches::next(TokenId* ids, TokenId* targets) {
  const auto chunk = static_cast<Index>(cursor_ % chunks_per_epoch());
  for (Index b = 0; b < batch_size_; ++b) {
    const TokenId* from = tokens_.data() + b * stream_size_ + chunk * seq_len_;
    for (Index t = 0; t < seq_len_; ++t) {
      ids[t * batch_size_ + b] = from[t];
      targets[t * batch_size_ + b] = from[t + 1];
    }
  }
  ++cursor_;
  return chunk == 0;
}

}  // namespace unroll
