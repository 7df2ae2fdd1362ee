#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace unroll {

/// The losses of the last steps, for their mean: single steps are too noisy to compare.
class RecentLosses {
 public:
  static constexpr std::size_t kWindow = 50;

  void clear() { size_ = 0; }

  void add(double loss) {
    if (size_ == kWindow) {
      std::shift_left(losses_.begin(), losses_.end(), 1);
      --size_;
    }
    losses_[size_++] = loss;
  }

  /// Oldest first.
  std::span<const double> values() const { return std::span(losses_).first(size_); }

  /// Summed from old to new, whatever was added in between. There must be one.
  double mean() const {
    double sum = 0.0;
    for (const double loss : values()) sum += loss;
    return sum / static_cast<double>(size_);
  }

 private:
  std::array<double, kWindow> losses_ = {};
  std::size_t size_ = 0;
};

}  // namespace unroll
