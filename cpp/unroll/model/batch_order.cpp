#include "unroll/model/batch_order.h"

#include <numeric>
#include <string>

#include "unroll/core/error.h"
#include "unroll/core/sort_indices.h"
#include "unroll/model/config.h"

namespace unroll {

void BatchOrder::check(const char* who, Index seq_len, Index batch_size, std::span<const Index> lengths) {
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorCode::kInvalidArgument, std::string(who) + ": " + what);
  };
  if (seq_len < 1 || seq_len > kMaxSeqLen) {
    fail("seq_len is " + std::to_string(seq_len) + ", expected 1 to " + std::to_string(kMaxSeqLen));
  }
  if (batch_size < 1 || batch_size > kMaxBatchSize) {
    fail("batch_size is " + std::to_string(batch_size) + ", expected 1 to " + std::to_string(kMaxBatchSize));
  }
  if (lengths.empty()) return;
  if (static_cast<Index>(lengths.size()) != batch_size) {
    fail("there are " + std::to_string(lengths.size()) + " lengths, expected one for each of the " +
         std::to_string(batch_size) + " sequences");
  }
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    if (lengths[b] < 1 || lengths[b] > seq_len) {
      fail("lengths[" + std::to_string(b) + "] is " + std::to_string(lengths[b]) + ", expected 1 to " +
           std::to_string(seq_len));
    }
  }
}

void BatchOrder::set(Index seq_len, Index batch_size, std::span<const Index> lengths) {
  seq_len_ = seq_len;
  batch_size_ = batch_size;
  order_.resize(static_cast<std::size_t>(batch_size));
  std::iota(order_.begin(), order_.end(), Index{0});
  if (lengths.empty()) {
    packing_.set_full(seq_len, batch_size);
    return;
  }
  const auto length = [&](Index b) { return lengths[static_cast<std::size_t>(b)]; };
  sort_indices(order_, [&](Index a, Index b) { return length(a) > length(b); });
  lengths_.clear();
  for (Index b : order_) lengths_.push_back(length(b));
  packing_.set_lengths(lengths_);
}

}  // namespace unroll
