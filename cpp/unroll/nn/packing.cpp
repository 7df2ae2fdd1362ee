#include "unroll/nn/packing.h"

namespace unroll {

void Packing::set_full(Index seq_len, Index batch_size) {
  if (is_full() && steps() == seq_len && batch_ == batch_size) return;
  batch_ = batch_size;
  offsets_.resize(static_cast<std::size_t>(seq_len + 1));
  for (Index t = 0; t <= seq_len; ++t) offsets_[static_cast<std::size_t>(t)] = t * batch_size;
}

void Packing::set_lengths(std::span<const Index> lengths) {
  batch_ = static_cast<Index>(lengths.size());
  offsets_.assign(1, 0);
  Index alive = batch_;
  for (Index t = 0; t < lengths[0]; ++t) {
    while (lengths[static_cast<std::size_t>(alive - 1)] <= t) --alive;
    offsets_.push_back(offsets_.back() + alive);
  }
}

}  // namespace unroll
