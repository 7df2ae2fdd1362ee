#include <algorithm>
#include <array>
#include <utility>

#include "unroll/math/gemm.h"
#include "unroll/math/lanes.h"

namespace unroll {
namespace {

/// Rows of a tile: 4 rows by 8 columns are 8 accumulators. With the 2 panel vectors and 4 splats that V8
/// loads before it begins to multiply, and one product, that makes the 15 registers that it has on x86. With
/// a fifth row it spills, and training takes 1.5 times as long.
constexpr Index kTileRows = 4;

/// Terms summed before the tile is put back: a panel's block and the rows it meets stay in the first-level
/// cache.
constexpr Index kBlockDepth = 256;

/// Rows of A that stay in the cache while all panels pass over them.
constexpr Index kBlockRows = 96;

/// Steps of the outer product that are packed at once.
constexpr Index kOuterDepth = 128;

/// Panels that a single row meets together: one row has only two accumulators a panel, too few to hide the
/// latency of an addition.
constexpr Index kRowPanels = 4;

/// Kernels are never inlined: an engine compiles a function anew for speed only between calls, so a long loop
/// inside one call would stay slow.
#define UNROLL_KERNEL __attribute__((noinline))

/// The accumulators of kRows rows by 8 columns.
template <Index kRows>
struct Sums {
  Floats left[kRows];
  Floats right[kRows];

  /// += a[r][step] * panel[step][0..8)
  void add(const float* const (&a)[kRows], const float* panel, Index step) {
    const Floats p0 = load(panel + step * kPanelWidth);
    const Floats p1 = load(panel + step * kPanelWidth + 4);
    for (Index r = 0; r < kRows; ++r) {
      const Floats x = splat(a[r][step]);
      left[r] = madd(x, p0, left[r]);
      right[r] = madd(x, p1, right[r]);
    }
  }
};

/// One tile: c[r][0..8) (+)= sum over k of a[r * lda + k] * panel[k][0..8), r < kRows, k_size >= 1.
///
/// Four terms a round, so that addresses and V8's check for interrupts cost little. The exit after each of
/// them is not for remainders only: V8 places loads first and arithmetic last within a block, and without the
/// exits would load all four terms at once and spill.
template <Index kRows, bool kAdd>
UNROLL_KERNEL void tile(Index k_size, const float* a, Index lda, const float* panel, float* c, Index ldc) {
  Sums<kRows> sums;
  const float* row[kRows];
  for (Index r = 0; r < kRows; ++r) {
    sums.left[r] = kAdd ? load(c + r * ldc) : Floats{};
    sums.right[r] = kAdd ? load(c + r * ldc + 4) : Floats{};
    row[r] = a + r * lda;
  }
  while (true) {
    sums.add(row, panel, 0);
    if (--k_size == 0) break;
    sums.add(row, panel, 1);
    if (--k_size == 0) break;
    sums.add(row, panel, 2);
    if (--k_size == 0) break;
    sums.add(row, panel, 3);
    if (--k_size == 0) break;
    panel += 4 * kPanelWidth;
    for (Index r = 0; r < kRows; ++r) row[r] += 4;
  }
  for (Index r = 0; r < kRows; ++r) {
    store(c + r * ldc, sums.left[r]);
    store(c + r * ldc + 4, sums.right[r]);
  }
}

/// One row against kRowPanels panels that lie `panel_stride` apart.
template <bool kAdd>
UNROLL_KERNEL void row_tile(Index k_size, const float* a, const float* panels, Index panel_stride, float* c) {
  Floats sum[2 * kRowPanels];
  for (Index i = 0; i < 2 * kRowPanels; ++i) sum[i] = kAdd ? load(c + 4 * i) : Floats{};
  for (Index k = 0; k < k_size; ++k) {
    const Floats x = splat(a[k]);
    for (Index i = 0; i < kRowPanels; ++i) {
      sum[2 * i] = madd(x, load(panels + i * panel_stride), sum[2 * i]);
      sum[2 * i + 1] = madd(x, load(panels + i * panel_stride + 4), sum[2 * i + 1]);
    }
    panels += kPanelWidth;
  }
  for (Index i = 0; i < 2 * kRowPanels; ++i) store(c + 4 * i, sum[i]);
}

using Tile = void (*)(Index, const float*, Index, const float*, float*, Index);

template <bool kAdd, Index... kRows>
constexpr std::array<Tile, kTileRows + 1> tiles_up_to(std::integer_sequence<Index, kRows...>) {
  return {nullptr, tile<kRows + 1, kAdd>...};
}

/// The tile of each height.
template <bool kAdd>
constexpr std::array<Tile, kTileRows + 1> kTiles =
    tiles_up_to<kAdd>(std::make_integer_sequence<Index, kTileRows>());

/// Calls visit(first, count) for tiles of nearly equal height: 10 rows are 4, 3, 3 and never a lonely 2.
template <class Visit>
void for_each_tile(Index size, Visit visit) {
  const Index tiles = (size + kTileRows - 1) / kTileRows;
  Index first = 0;
  for (Index t = 0; t < tiles; ++t) {
    const Index count = (size - first + tiles - t - 1) / (tiles - t);
    visit(first, count);
    first += count;
  }
}

void multiply_row(bool add, Index n_size, Index k_size, const float* a, const float* panels,
                  Index panel_stride, float* c) {
  Index n = 0;
  for (; n + kRowPanels * kPanelWidth <= n_size; n += kRowPanels * kPanelWidth) {
    (add ? row_tile<true> : row_tile<false>)(k_size, a, panels + n / kPanelWidth * panel_stride, panel_stride,
                                             c + n);
  }
  for (; n < n_size; n += kPanelWidth) {
    (add ? tile<1, true> : tile<1, false>)(k_size, a, 0, panels + n / kPanelWidth * panel_stride, c + n, 0);
  }
}

/// to[c][r] = from[r][c] for 4 rows and 4 columns.
inline void transpose_block(const float* from, Index stride, float* to, Index to_stride) {
  const Floats a = load(from);
  const Floats b = load(from + stride);
  const Floats c = load(from + 2 * stride);
  const Floats d = load(from + 3 * stride);
  const Floats ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Floats ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Floats cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Floats cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  store(to, __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5));
  store(to + to_stride, __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7));
  store(to + 2 * to_stride, __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5));
  store(to + 3 * to_stride, __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7));
}

/// to[c][r] = from[r][c], r < rows, c < cols; rows of `to` are without gaps.
UNROLL_KERNEL void transpose(Index rows, Index cols, const float* from, Index stride, float* to) {
  const Index whole_rows = rows / 4 * 4;
  const Index whole_cols = cols / 4 * 4;
  for (Index r = 0; r < whole_rows; r += 4) {
    for (Index c = 0; c < whole_cols; c += 4)
      transpose_block(from + r * stride + c, stride, to + c * rows + r, rows);
  }
  for (Index r = 0; r < rows; ++r) {
    const Index first = r < whole_rows ? whole_cols : 0;
    for (Index c = first; c < cols; ++c) to[c * rows + r] = from[r * stride + c];
  }
}

}  // namespace

template <>
void multiply(Start start, Index m_size, Index n_size, Index k_size, const float* a, Index lda,
              const float* panels, float* c, Index ldc) {
  const Index panel_stride = k_size * kPanelWidth;
  for (Index k0 = 0; k0 < k_size; k0 += kBlockDepth) {
    const Index depth = std::min(kBlockDepth, k_size - k0);
    const bool add = start == Start::kAdd || k0 > 0;
    if (m_size == 1) {
      multiply_row(add, n_size, depth, a + k0, panels + k0 * kPanelWidth, panel_stride, c);
      continue;
    }
    const auto& tiles = add ? kTiles<true> : kTiles<false>;
    for (Index m0 = 0; m0 < m_size; m0 += kBlockRows) {
      const Index rows = std::min(kBlockRows, m_size - m0);
      for (Index n = 0; n < n_size; n += kPanelWidth) {
        const float* panel = panels + n / kPanelWidth * panel_stride + k0 * kPanelWidth;
        for_each_tile(rows, [&](Index r, Index count) {
          tiles[static_cast<std::size_t>(count)](depth, a + (m0 + r) * lda + k0, lda, panel,
                                                 c + (m0 + r) * ldc + n, ldc);
        });
      }
    }
  }
}

template <>
void accumulate_outer(Index m_size, Index n_size, Index k_size, const float* d, Index ldd, const float* x,
                      Index ldx, float* panels, OuterScratch<float>& scratch) {
  scratch.d.resize(kOuterDepth * n_size);
  scratch.x.resize(kOuterDepth * k_size);
  for (Index m0 = 0; m0 < m_size; m0 += kOuterDepth) {
    const Index depth = std::min(kOuterDepth, m_size - m0);
    // Rows whose lengths are powers of two would all fall into the same few cache lines; packed ones do not.
    for (Index n = 0; n < n_size; n += kPanelWidth) {
      float* target = scratch.d.data() + n * depth;
      for (Index m = 0; m < depth; ++m) {
        const float* source = d + (m0 + m) * ldd + n;
        store(target + m * kPanelWidth, load(source));
        store(target + m * kPanelWidth + 4, load(source + 4));
      }
    }
    transpose(depth, k_size, x + m0 * ldx, ldx, scratch.x.data());
    for (Index n = 0; n < n_size; n += kPanelWidth) {
      float* panel = panels + n * k_size;
      const float* d_panel = scratch.d.data() + n * depth;
      for_each_tile(k_size, [&](Index k, Index count) {
        kTiles<true>[static_cast<std::size_t>(count)](depth, scratch.x.data() + k * depth, depth, d_panel,
                                                      panel + k * kPanelWidth, kPanelWidth);
      });
    }
  }
}

template <>
void accumulate_columns(Index m_size, Index n_size, const float* d, Index ldd, float* sums) {
  for (Index n = 0; n < n_size; n += kPanelWidth) {
    Floats left = load(sums + n);
    Floats right = load(sums + n + 4);
    for (Index m = 0; m < m_size; ++m) {
      left += load(d + m * ldd + n);
      right += load(d + m * ldd + n + 4);
    }
    store(sums + n, left);
    store(sums + n + 4, right);
  }
}

}  // namespace unroll
