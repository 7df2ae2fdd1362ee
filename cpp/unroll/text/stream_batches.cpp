#include "unroll/text/stream_batches.h"

#include <string>

#include "unroll/core/checked.h"
#include "unroll/core/error.h"

namespace unroll {
namespace {

void expect_positive(const char* name, Index value) {
  if (value > 0) return;
  throw Error(ErrorCode::kInvalidArgument, std::string("StreamBatches: ") + name + " is " +
                                               std::to_string(value) + ", expected at least 1");
}

/// Called when not one chunk fits. B*T + 1 may be more than any text could hold; then it is left unsaid.
[[noreturn]] void refuse_length(std::size_t length, Index batch_size, Index seq_len) {
  const auto window =
      checked::multiply(static_cast<std::uint64_t>(batch_size), static_cast<std::uint64_t>(seq_len));
  const auto minimum = window ? checked::add(*window, 1) : std::nullopt;
  throw Error(ErrorCode::kTextTooShort,
              "StreamBatches: " + std::to_string(length) +
                  " characters to train on cannot fill one chunk of batch_size " +
                  std::to_string(batch_size) + " times seq_len " + std::to_string(seq_len) +
                  (minimum ? ", expected at least " + std::to_string(*minimum) : "") +
                  "; lower batch_size or seq_len, or use a longer text");
}

Index stream_length(std::size_t length, Index batch_size) {
  return length == 0 ? 0 : (static_cast<Index>(length) - 1) / batch_size;
}

}  // namespace

StreamBatches::StreamBatches(std::span<const TokenId> tokens, Index batch_size, Index seq_len,
                             StreamRange streams)
    : tokens_(tokens), batch_size_(batch_size), streams_(streams), seq_len_(seq_len) {
  expect_positive("batch_size", batch_size);
  expect_positive("seq_len", seq_len);
  if (streams.begin < 0 || streams.begin >= streams.end || streams.end > batch_size) {
    throw Error(ErrorCode::kInvalidArgument, "StreamBatches: streams are " + std::to_string(streams.begin) +
                                                 " to " + std::to_string(streams.end - 1) + " of " +
                                                 std::to_string(batch_size) +
                                                 ", expected at least one of them");
  }
  stream_length_ = stream_length(tokens_.size(), batch_size);
  if (stream_length_ < seq_len) refuse_length(tokens_.size(), batch_size, seq_len);
}

bool StreamBatches::next(TokenId* ids, TokenId* targets) {
  const bool begins_epoch = position_.chunk == 0;
  const Index count = streams_.size();
  for (Index j = 0; j < count; ++j) {
    const TokenId* token =
        tokens_.data() + (streams_.begin + j) * stream_length_ + position_.chunk * seq_len_;
    for (Index t = 0; t < seq_len_; ++t) {
      ids[t * count + j] = token[t];
      targets[t * count + j] = token[t + 1];
    }
  }
  if (++position_.chunk == chunks_per_epoch()) position_ = {position_.epoch + 1, 0};
  return begins_epoch;
}

void StreamBatches::set_position(const Position& position) {
  if (position.epoch < 0 || position.chunk < 0 || position.chunk >= chunks_per_epoch()) {
    throw Error(ErrorCode::kInvalidArgument,
                "StreamBatches::set_position: epoch " + std::to_string(position.epoch) + ", chunk " +
                    std::to_string(position.chunk) + ", expected epoch at least 0 and chunk 0 to " +
                    std::to_string(chunks_per_epoch() - 1) +
                    "; this position belongs to another text or shape");
  }
  position_ = position;
}

}  // namespace unroll
