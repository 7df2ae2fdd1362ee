#pragma once

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "unroll/core/types.h"

namespace unroll {

/// A growing block of numbers on a cache-line boundary, with one spare line behind it.
///
/// resize() keeps the block when it is large enough, so that a training loop allocates only the first time it
/// meets a shape; new memory is zero, memory that is used again is not. The spare line lets a kernel load
/// whole vectors past the last number.
template <class S>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(Index size) { resize(size); }
  AlignedBuffer(AlignedBuffer&& other) noexcept { swap(other); }
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
    swap(other);
    return *this;
  }
  AlignedBuffer(const AlignedBuffer& other) { assign(other.data_, other.size_); }
  AlignedBuffer& operator=(const AlignedBuffer& other) {
    if (this != &other) assign(other.data_, other.size_);
    return *this;
  }
  ~AlignedBuffer() { release(); }

  /// Makes room for `size` numbers. Contents are kept only when nothing had to be allocated.
  void resize(Index size) {
    if (size > capacity_) {
      const std::size_t bytes = static_cast<std::size_t>(size) * sizeof(S) + kAlignment;
      S* data = static_cast<S*>(::operator new (bytes, std::align_val_t{kAlignment}));
      std::memset(static_cast<void*>(data), 0, bytes);
      release();
      data_ = data;
      capacity_ = size;
    }
    size_ = size;
  }

  void fill_zero() { std::fill_n(data_, size_, S(0)); }
  void assign(const S* source, Index size) {
    resize(size);
    if (size > 0) std::copy_n(source, size, data_);
  }
  void swap(AlignedBuffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  S* data() { return data_; }
  const S* data() const { return data_; }
  Index size() const { return size_; }
  S& operator[](Index i) { return data_[i]; }
  const S& operator[](Index i) const { return data_[i]; }

 private:
  static constexpr std::size_t kAlignment = 64;

  void release() {
    if (data_ != nullptr) ::operator delete (data_, std::align_val_t{kAlignment});
    data_ = nullptr;
    size_ = capacity_ = 0;
  }

  S* data_ = nullptr;
  Index size_ = 0;
  Index capacity_ = 0;
};

}  // namespace unroll
