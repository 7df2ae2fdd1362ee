#pragma once

#include <algorithm>

#include "unroll/core/aligned_buffer.h"
#include "unroll/nn/packing.h"

namespace unroll {

/// The states of one layer in one direction, over all steps of a window: what a scan reads and writes, and
/// what back-propagation reads again.
///
/// A scan visits the steps forward (0 .. T-1) or in reverse (T-1 .. 0); at each step t it reads previous(t),
/// writes next(t) and then calls commit(t). When all sequences have the same length, the state that a step
/// wrote is where the next step reads it. When they have not, a running state per sequence stands in between:
/// it holds the initial state until a sequence joins, and the final one after it has left.
template <class S>
class StateTape {
 public:
  /// initial: B rows of `width`, or null for zeros.
  void begin(const Packing& packing, Index width, bool reverse, const S* initial) {
    packing_ = &packing;
    width_ = width;
    const Index batch = packing.batch();
    const Index steps = packing.steps();
    full_ = packing.is_full();
    if (full_) {
      states_.resize((steps + 1) * batch * width);
      previous_ = states_.data() + (reverse ? batch * width : 0);
      next_ = states_.data() + (reverse ? 0 : batch * width);
      running_ = states_.data() + (reverse ? steps * batch * width : 0);
      final_ = next_ + packing.offset(reverse ? 0 : steps - 1) * width;
    } else {
      states_.resize((2 * packing.rows() + batch) * width);
      previous_ = states_.data();
      next_ = previous_ + packing.rows() * width;
      running_ = next_ + packing.rows() * width;
      final_ = running_;
    }
    if (initial != nullptr) {
      std::copy_n(initial, batch * width, running_);
    } else {
      std::fill_n(running_, batch * width, S(0));
    }
  }

  const S* previous(Index t) {
    S* rows = previous_ + packing_->offset(t) * width_;
    if (!full_) std::copy_n(running_, packing_->rows_at(t) * width_, rows);
    return rows;
  }

  S* next(Index t) { return next_ + packing_->offset(t) * width_; }

  void commit(Index t) {
    if (!full_) std::copy_n(next(t), packing_->rows_at(t) * width_, running_);
  }

  /// All rows that were read, and all rows that were written, in the packing's order.
  const S* previous_rows() const { return previous_; }
  const S* next_rows() const { return next_; }

  /// B rows: the state of each sequence after its own last step.
  const S* final_state() const { return final_; }

 private:
  const Packing* packing_ = nullptr;
  Index width_ = 0;
  bool full_ = true;
  AlignedBuffer<S> states_;
  S* previous_ = nullptr;
  S* next_ = nullptr;
  S* running_ = nullptr;
  const S* final_ = nullptr;
};

}  // namespace unroll
