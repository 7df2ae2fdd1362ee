#pragma once

#include <span>
#include <vector>

#include "unroll/nn/packing.h"

namespace unroll {

/// A batch of sequences as its caller sees it, (T, B) with padding behind the shorter ones, and as the layers
/// want it, longest first without padding.
class BatchOrder {
 public:
  /// Throws Error(kInvalidArgument), in which `who` speaks, for what set() cannot take.
  static void check(const char* who, Index seq_len, Index batch_size, std::span<const Index> lengths);

  /// lengths: of each sequence in any order, 1 to T; empty for T everywhere.
  void set(Index seq_len, Index batch_size, std::span<const Index> lengths);

  Index seq_len() const { return seq_len_; }
  Index batch_size() const { return batch_size_; }
  const Packing& packing() const { return packing_; }
  /// The caller's number of the sequence that is at `place` when the longest comes first.
  Index sequence(Index place) const { return order_[static_cast<std::size_t>(place)]; }

  /// Calls visit(row, t * B + b) for each row of the packing, where t and b are the caller's.
  template <class Visit>
  void for_each_row(Visit visit) const {
    for (Index t = 0; t < packing_.steps(); ++t) {
      for (Index b = 0; b < packing_.rows_at(t); ++b) {
        visit(packing_.offset(t) + b, t * batch_size_ + sequence(b));
      }
    }
  }

 private:
  Packing packing_;
  Index seq_len_ = 0;
  Index batch_size_ = 0;
  std::vector<Index> order_;
  std::vector<Index> lengths_;  // sorted
};

}  // namespace unroll
