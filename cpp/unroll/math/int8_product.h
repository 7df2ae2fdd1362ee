#pragma once

#include "unroll/core/aligned_buffer.h"
#include "unroll/core/types.h"

/// A matrix-vector product with weights of 8 bits, for models whose float weights do not fit into the caches:
/// a product with one vector reads each weight once, and then memory sets the pace.
///
///   W[n][k] ~ scale[n] * w[n][k]        w whole, |w| <= 127,    scale[n] = max over k of |W[n][k]| / 127
///   x[k]    ~ unit * q[k]               q whole, |q| <= 16384,  unit = max over k of |x[k]| / 16384
///   y[n]    = y[n] + (sum over k of w[n][k] * q[k]) * (scale[n] * unit)
///
/// The sum is exact: |sum| <= 127 * 16384 * K, which is below 2^31 for K <= 1032, and no K is above 1024
/// (kMaxInt8Depth). So neither the order of its terms nor a fused multiply-add changes a bit of it; what
/// follows is one rounding for the sum as a float, and one for each product and the sum that are written
/// above.
namespace unroll {

inline constexpr Index kMaxInt8Depth = 1024;
inline constexpr std::int32_t kInt8Levels = 127;
inline constexpr std::int32_t kInt16Levels = 16384;
static_assert(std::int64_t{kInt8Levels} * kInt16Levels * kMaxInt8Depth < (std::int64_t{1} << 31));

/// W, ready for the product. A row in which a number is not finite has the scale NaN, and so has what it
/// gives.
struct Int8Matrix {
  Index n_size = 0;
  Index k_size = 0;
  /// Blocks of 32 rows, the last one of those that remain; in a block [ceil(K/2)][rows][2]: two neighbours k
  /// of each row, and 0 behind an odd K.
  AlignedBuffer<std::int8_t> weights;
  AlignedBuffer<float> scales;  // (N)
};

/// panels: W as [n_size/8][k_size][8], see panels.h. n_size is a multiple of kPanelWidth, k_size at most
/// kMaxInt8Depth.
void quantise_weights(Index n_size, Index k_size, const float* panels, Int8Matrix& matrix);

/// Rows of x, ready for the product, each with a unit of its own. When a number of a row is not finite its
/// unit is NaN.
struct Int16Rows {
  AlignedBuffer<std::int16_t> values;  // (M, padded(K))
  AlignedBuffer<float> units;          // (M)
};

/// x: m_size rows of k_size numbers, padded(k_size) apart, of which the padding is 0.
void quantise_rows(Index m_size, Index k_size, const float* x, Int16Rows& rows);

/// y[m] += W x[m], for m_size rows of n_size numbers, `ldy` apart. A row's result does not depend on the
/// others.
void add_product(const Int8Matrix& matrix, Index m_size, const Int16Rows& x, float* y, Index ldy);

}  // namespace unroll
