#include "unroll/core/aligned_buffer.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace unroll::testing::aligned_buffer_test {
namespace {

TEST(AlignedBuffer, StartsOnACacheLineWithZeros) {
  for (Index size : {1, 7, 64, 1000}) {
    const AlignedBuffer<float> buffer(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0u);
    EXPECT_EQ(buffer.size(), size);
    // One line more can be read behind the last number.
    for (Index i = 0; i < size + 16; ++i) EXPECT_EQ(buffer.data()[i], 0.0f);
  }
}

TEST(AlignedBuffer, KeepsItsBlockWhenItIsLargeEnough) {
  AlignedBuffer<double> buffer(10);
  const double* block = buffer.data();
  buffer[3] = 5.0;
  buffer.resize(4);
  EXPECT_EQ(buffer.size(), 4);
  buffer.resize(10);
  EXPECT_EQ(buffer.data(), block);
  EXPECT_EQ(buffer[3], 5.0);
}

TEST(AlignedBuffer, NewMemoryIsZeroAgain) {
  AlignedBuffer<double> buffer(4);
  buffer[0] = 5.0;
  buffer.resize(1000);
  for (Index i = 0; i < 1000; ++i) EXPECT_EQ(buffer[i], 0.0);
}

TEST(AlignedBuffer, CopiesAreIndependent) {
  AlignedBuffer<float> a(3);
  a[1] = 2.0f;
  AlignedBuffer<float> b = a;
  b[1] = 3.0f;
  EXPECT_EQ(a[1], 2.0f);
  a = b;
  EXPECT_EQ(a[1], 3.0f);
  const AlignedBuffer<float>& same = a;
  a = same;
  EXPECT_EQ(a[1], 3.0f);
  EXPECT_EQ(a.size(), 3);
}

TEST(AlignedBuffer, MovesItsBlock) {
  AlignedBuffer<float> a(3);
  const float* block = a.data();
  AlignedBuffer<float> b = std::move(a);
  EXPECT_EQ(b.data(), block);
  AlignedBuffer<float> c(2);
  c = std::move(b);
  EXPECT_EQ(c.data(), block);
  EXPECT_EQ(c.size(), 3);
}

TEST(AlignedBuffer, MayBeEmpty) {
  AlignedBuffer<float> empty;
  AlignedBuffer<float> copy = empty;
  copy.fill_zero();
  EXPECT_EQ(copy.size(), 0);
  copy.resize(0);
  EXPECT_EQ(copy.data(), nullptr);
}

}  // namespace
}  // namespace unroll::testing::aligned_buffer_test
