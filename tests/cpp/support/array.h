#pragma once

#include <vector>

#include "unroll/core/types.h"

namespace unroll::testing {

/// A row-major matrix for tests, without padding: what PyTorch would hold.
template <class S>
class Array {
 public:
  Array() = default;
  Array(Index rows, Index cols, S value = S(0))
      : rows_(rows), cols_(cols), values_(static_cast<std::size_t>(rows * cols), value) {}

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  Index size() const { return rows_ * cols_; }

  S& operator()(Index row, Index col) { return values_[static_cast<std::size_t>(row * cols_ + col)]; }
  const S& operator()(Index row, Index col) const {
    return values_[static_cast<std::size_t>(row * cols_ + col)];
  }
  S& operator[](Index i) { return values_[static_cast<std::size_t>(i)]; }
  const S& operator[](Index i) const { return values_[static_cast<std::size_t>(i)]; }

  S* data() { return values_.data(); }
  const S* data() const { return values_.data(); }
  S* row(Index r) { return values_.data() + r * cols_; }
  const S* row(Index r) const { return values_.data() + r * cols_; }

  auto begin() { return values_.begin(); }
  auto end() { return values_.end(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  Index rows_ = 0;
  Index cols_ = 0;
  std::vector<S> values_;
};

}  // namespace unroll::testing
