#pragma once

#include <span>
#include <vector>

#include "unroll/core/types.h"

namespace unroll {

/// Which sequences of a batch are alive at each step, with the longest first, as in PyTorch's PackedSequence.
///
/// Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
///
/// The rows of all steps lie one behind the other without padding: step t takes rows offset(t) .. offset(t) +
/// rows_at(t), and sequence b is row offset(t) + b while t < length of b. A batch of equal lengths is the
/// special case in which every step has all B rows.
class Packing {
 public:
  /// T steps of B sequences.
  void set_full(Index seq_len, Index batch_size);

  /// lengths must be positive and must not rise.
  void set_lengths(std::span<const Index> lengths);

  Index steps() const { return static_cast<Index>(offsets_.size()) - 1; }
  Index batch() const { return batch_; }
  Index rows() const { return offsets_.back(); }
  Index offset(Index t) const { return offsets_[static_cast<std::size_t>(t)]; }
  Index rows_at(Index t) const { return offset(t + 1) - offset(t); }
  bool is_full() const { return rows() == steps() * batch_; }

 private:
  Index batch_ = 0;
  std::vector<Index> offsets_ = {0};
};

}  // namespace unroll
