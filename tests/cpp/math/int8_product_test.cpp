#include "unroll/math/int8_product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/array.h"
#include "support/random.h"
#include "unroll/math/panels.h"

/// The product with weights of 8 bits against one written down from the header, number by number.
namespace unroll::testing::int8_product_test {
namespace {

struct Shape {
  Index m, n, k;
};

/// Blocks of every number of panels, odd and even depths, rows with and without a tile, and the deepest sum.
std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (Index n : {8, 16, 24, 32, 40, 72}) {
    for (Index k : {1, 2, 5, 8, 31, 130}) {
      for (Index m : {1, 2, 4, 5, 9}) all.push_back({m, n, k});
    }
  }
  all.push_back({5, 40, kMaxInt8Depth});
  return all;
}

AlignedBuffer<float> panels_of(const Array<float>& w) {
  AlignedBuffer<float> panels(w.size());
  pack({.kind = LayoutKind::kPanels, .rows = w.rows(), .cols = w.cols(), .block_rows = w.rows()}, w.data(),
       panels.data());
  return panels;
}

float largest(const float* x, Index size) {
  float max = 0.0f;
  for (Index k = 0; k < size; ++k) max = std::max(max, std::fabs(x[k]));
  return max;
}

/// y + W x of one pair of rows.
float expected(const float* w, const float* x, Index k_size, float y) {
  const float w_max = largest(w, k_size), x_max = largest(x, k_size);
  std::int64_t sum = 0;
  for (Index k = 0; k < k_size; ++k) {
    sum += std::llrint(w[k] * (127.0f / w_max)) * std::llrint(x[k] * (16384.0f / x_max));
  }
  EXPECT_LT(std::abs(sum), std::int64_t{1} << 31);
  const float step = (w_max / 127.0f) * (x_max / 16384.0f);
  const float product = static_cast<float>(sum) * step;
  return product + y;
}

/// The product in a buffer like y, whose rows are `ldy` apart.
void run(const Array<float>& w, const AlignedBuffer<float>& x, Index m_size, float* y, Index ldy) {
  Int8Matrix matrix;
  quantise_weights(w.rows(), w.cols(), panels_of(w).data(), matrix);
  Int16Rows rows;
  quantise_rows(m_size, w.cols(), x.data(), rows);
  add_product(matrix, m_size, rows, y, ldy);
}

TEST(Int8Product, IsWhatTheHeaderSays) {
  for (const auto& [m_size, n_size, k_size] : shapes()) {
    Random random(static_cast<std::uint64_t>(m_size + 100 * n_size + 10000 * k_size));
    const Array<float> w = random.array<float>(n_size, k_size, -0.3, 0.3);
    AlignedBuffer<float> x;
    random.fill_rows(x, m_size, k_size);
    const Index ldy = n_size + 8;
    const Array<float> before = random.array<float>(m_size, ldy);
    Array<float> y = before;
    run(w, x, m_size, y.data(), ldy);
    for (Index m = 0; m < m_size; ++m) {
      for (Index n = 0; n < n_size; ++n) {
        ASSERT_EQ(y(m, n), expected(w.row(n), x.data() + m * padded(k_size), k_size, before(m, n)))
            << m_size << " x " << n_size << " x " << k_size << " at " << m << ", " << n;
      }
      for (Index n = n_size; n < ldy; ++n) ASSERT_EQ(y(m, n), before(m, n));
    }
  }
}

/// All numbers as large as they can be: the sum that comes closest to 2^31, in either direction.
TEST(Int8Product, HoldsTheLargestSum) {
  for (const float sign : {1.0f, -1.0f}) {
    const Array<float> w(8, kMaxInt8Depth, sign);
    AlignedBuffer<float> x(kMaxInt8Depth);
    std::fill_n(x.data(), kMaxInt8Depth, 1.0f);
    Array<float> y(1, 8);
    run(w, x, 1, y.data(), 8);
    for (float value : y) EXPECT_NEAR(value, sign * 1024.0f, 1e-3f);
  }
}

/// Rows of zeros, and of numbers so small that a level would overflow, give nothing and not 0 / 0.
TEST(Int8Product, OfNothingIsNothing) {
  for (const float tiny : {0.0f, 1e-38f}) {
    Array<float> w = Random(1).array<float>(8, 6);
    for (Index k = 0; k < 6; ++k) w(3, k) = tiny;
    AlignedBuffer<float> x;
    Random(2).fill_rows(x, 2, 6);
    std::fill_n(x.data() + 8, 6, tiny);
    Array<float> y(2, 8, 5.0f);
    run(w, x, 2, y.data(), 8);
    Int8Matrix matrix;
    quantise_weights(8, 6, panels_of(w).data(), matrix);
    Int16Rows rows;
    quantise_rows(2, 6, x.data(), rows);
    EXPECT_EQ(matrix.scales[3], 0.0f);
    EXPECT_EQ(rows.units[1], 0.0f);
    for (Index n = 0; n < 8; ++n) EXPECT_EQ(y(1, n), 5.0f);
    EXPECT_EQ(y(0, 3), 5.0f);
    EXPECT_NE(y(0, 2), 5.0f);
  }
}

/// A network that has diverged is seen in what comes out, and only there.
TEST(Int8Product, OfWhatIsNotFiniteIsNotANumber) {
  for (const float wrong :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN(),
        std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    for (Index place = 0; place < 6; ++place) {
      Array<float> w = Random(1).array<float>(8, 6);
      AlignedBuffer<float> x;
      Random(2).fill_rows(x, 2, 6);
      x[8 + place] = wrong;
      Array<float> y(2, 8);
      run(w, x, 2, y.data(), 8);
      for (Index n = 0; n < 8; ++n) {
        EXPECT_TRUE(std::isfinite(y(0, n)));
        EXPECT_TRUE(std::isnan(y(1, n)));
      }
      w(5, place) = wrong;
      run(w, x, 1, y.data(), 8);
      for (Index n = 0; n < 8; ++n) EXPECT_EQ(std::isnan(y(0, n)), n == 5);
    }
  }
}

}  // namespace
}  // namespace unroll::testing::int8_product_test
