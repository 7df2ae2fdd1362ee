#pragma once

#include <algorithm>
#include <array>

#include "unroll/training/trainer_state.h"

namespace unroll {

/// The last few states of a training that are known to be good, to go back to when it diverges.
class CheckpointRing {
 public:
  static constexpr std::size_t kSlots = 2;

  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }
  std::array<TrainerState, kSlots>& slots() { return slots_; }

  /// The place for a state after `steps` steps: that of the newest when it is of the same step, else of the
  /// oldest.
  TrainerState& push(std::int64_t steps) {
    if (empty() || slots_[newest_].steps != steps) {
      newest_ = (newest_ + 1) % kSlots;
      size_ = std::min(size_ + 1, kSlots);
    }
    return slots_[newest_];
  }

  /// Forgets the newest `count` states, but never the last that there is, and returns the newest of the rest.
  const TrainerState& back(std::size_t count) {
    count = std::min(count, size_ - 1);
    size_ -= count;
    newest_ = (newest_ + kSlots - count) % kSlots;
    return slots_[newest_];
  }

 private:
  std::array<TrainerState, kSlots> slots_;
  std::size_t newest_ = 0;
  std::size_t size_ = 0;
};

}  // namespace unroll
