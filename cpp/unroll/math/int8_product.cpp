#include "unroll/math/int8_product.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "unroll/math/int_lanes.h"

namespace unroll {
namespace {

/// Rows of a block: eight vectors of four sums, so that one pair of x serves eight products, and a step of
/// the loop reads one cache line.
constexpr Index kBlockRows = 32;
constexpr Index kRowsInVector = 4;

/// How `max`, the largest of some absolute values, is divided into levels.
struct Steps {
  float unit;     // a level; NaN when max is not finite
  float per_one;  // levels to a 1
};

Steps steps_of(float max, std::int32_t levels) {
  if (!(max <= std::numeric_limits<float>::max())) return {std::numeric_limits<float>::quiet_NaN(), 0.0f};
  // Below this, levels / max could overflow; such numbers add nothing to a sum that anybody sees.
  if (max < 1e-30f) return {0.0f, 0.0f};
  const auto count = static_cast<float>(levels);
  return {max / count, count / max};
}

/// Rows of x that share a widened weight where there are several: with two vectors each they are eight sums
/// as well.
constexpr Index kTileRows = 4;

/// y = y + sums * (scales * unit), for four rows of W.
inline void add_scaled(Ints sums, const float* scales, float unit, float* y) {
  const Floats step = load(scales) * splat(unit);
  store(y, madd(to_floats(sums), step, load(y)));
}

/// One row of x against a block of W. Kernels are not inlined, so that an engine that compiles for speed
/// between calls gets the chance.
template <Index kVectors>
__attribute__((noinline)) void add_block(Index pairs, const std::int8_t* weights, const std::int16_t* x,
                                         const float* scales, float unit, float* y) {
  Ints sums[kVectors] = {};
  for (Index pair = 0; pair < pairs; ++pair) {
    const Shorts both = splat_pair(x + 2 * pair);
    for (Index i = 0; i < kVectors; ++i) sums[i] += dot_pairs(load_bytes(weights + 8 * i), both);
    weights += 8 * kVectors;
  }
  for (Index i = 0; i < kVectors; ++i) add_scaled(sums[i], scales + 4 * i, unit, y + 4 * i);
}

/// kTileRows rows of x, `width` apart, against eight rows of W in a block whose steps are `stride` apart.
__attribute__((noinline)) void add_tile(Index pairs, const std::int8_t* weights, Index stride,
                                        const std::int16_t* x, Index width, const float* scales,
                                        const float* units, float* y, Index ldy) {
  Ints left[kTileRows] = {};
  Ints right[kTileRows] = {};
  for (Index pair = 0; pair < pairs; ++pair) {
    const Shorts w0 = load_bytes(weights);
    const Shorts w1 = load_bytes(weights + 8);
    for (Index m = 0; m < kTileRows; ++m) {
      const Shorts both = splat_pair(x + m * width + 2 * pair);
      left[m] += dot_pairs(w0, both);
      right[m] += dot_pairs(w1, both);
    }
    weights += stride;
  }
  for (Index m = 0; m < kTileRows; ++m) {
    add_scaled(left[m], scales, units[m], y + m * ldy);
    add_scaled(right[m], scales + kRowsInVector, units[m], y + m * ldy + kRowsInVector);
  }
}

using Block = void (*)(Index, const std::int8_t*, const std::int16_t*, const float*, float, float*);

/// By the panels that a block has: 1 to 4.
constexpr Block kBlocks[] = {add_block<2>, add_block<4>, add_block<6>, add_block<8>};
static_assert(std::size(kBlocks) * kPanelWidth == kBlockRows && kPanelWidth == 2 * kRowsInVector);

/// Returns the unit.
__attribute__((noinline)) float quantise_row(Index width, const float* x, std::int16_t* values) {
  // Absolute values are in the order of their bits, and a NaN is the largest.
  Ints max_bits = {};
  for (Index k = 0; k < width; k += kRowsInVector) max_bits = lane_max(max_bits, (Ints)lane_abs(load(x + k)));
  max_bits = lane_max(max_bits, Ints{max_bits[2], max_bits[3], max_bits[0], max_bits[1]});
  max_bits = lane_max(max_bits, Ints{max_bits[1], max_bits[0], max_bits[3], max_bits[2]});
  const auto [unit, per_one] = steps_of(((Floats)max_bits)[0], kInt16Levels);
  if (!(unit > 0.0f)) {
    std::fill_n(values, width, std::int16_t{0});
    return unit;
  }
  // Adding 1.5 * 2^23 rounds to a whole number, which the low bits then hold.
  const Floats magic = splat(12582912.0f);
  const Floats factor = splat(per_one);
  const auto whole = [&](const float* from) { return (Ints)(load(from) * factor + magic) - (Ints)magic; };
  for (Index k = 0; k < width; k += 2 * kRowsInVector) {
    const Shorts both = narrow(whole(x + k), whole(x + k + kRowsInVector));
    __builtin_memcpy(values + k, &both, sizeof both);
  }
  return unit;
}

}  // namespace

void quantise_weights(Index n_size, Index k_size, const float* panels, Int8Matrix& matrix) {
  const Index pairs = (k_size + 1) / 2;
  matrix.n_size = n_size;
  matrix.k_size = k_size;
  matrix.weights.resize(2 * pairs * n_size);
  matrix.weights.fill_zero();
  matrix.scales.resize(n_size);
  for (Index n = 0; n < n_size; ++n) {
    const float* row = panels + n / kPanelWidth * k_size * kPanelWidth + n % kPanelWidth;
    float max = 0.0f;
    for (Index k = 0; k < k_size; ++k) {
      const float size = std::fabs(row[k * kPanelWidth]);
      if (!(size <= max)) max = size;
      if (std::isnan(max)) break;
    }
    const auto [unit, per_one] = steps_of(max, kInt8Levels);
    matrix.scales[n] = unit;
    if (!(unit > 0.0f)) continue;
    const Index first = n / kBlockRows * kBlockRows;
    const Index rows = std::min(kBlockRows, n_size - first);
    std::int8_t* target = matrix.weights.data() + 2 * (first * pairs + n - first);
    for (Index k = 0; k < k_size; ++k) {
      target[k / 2 * 2 * rows + k % 2] = static_cast<std::int8_t>(std::rint(row[k * kPanelWidth] * per_one));
    }
  }
}

void quantise_rows(Index m_size, Index k_size, const float* x, Int16Rows& rows) {
  const Index width = padded(k_size);
  rows.values.resize(m_size * width);
  rows.units.resize(m_size);
  for (Index m = 0; m < m_size; ++m) {
    rows.units[m] = quantise_row(width, x + m * width, rows.values.data() + m * width);
  }
}

void add_product(const Int8Matrix& matrix, Index m_size, const Int16Rows& x, float* y, Index ldy) {
  const Index pairs = (matrix.k_size + 1) / 2;
  const Index width = padded(matrix.k_size);
  for (Index n = 0; n < matrix.n_size; n += kBlockRows) {
    const Index rows = std::min(kBlockRows, matrix.n_size - n);
    const std::int8_t* weights = matrix.weights.data() + 2 * n * pairs;
    Index m = 0;
    for (; m + kTileRows <= m_size; m += kTileRows) {
      for (Index i = 0; i < rows; i += kPanelWidth) {
        add_tile(pairs, weights + 2 * i, 2 * rows, x.values.data() + m * width, width,
                 matrix.scales.data() + n + i, x.units.data() + m, y + m * ldy + n + i, ldy);
      }
    }
    for (; m < m_size; ++m) {
      kBlocks[rows / kPanelWidth - 1](pairs, weights, x.values.data() + m * width, matrix.scales.data() + n,
                                      x.units[m], y + m * ldy + n);
    }
  }
}

}  // namespace unroll
