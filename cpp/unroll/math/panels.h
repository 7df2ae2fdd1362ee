#pragma once

#include <algorithm>
#include <array>

#include "unroll/core/types.h"

/// Where a parameter's elements live inside: PyTorch's order outside, layouts that the kernels like inside.
///
/// A row of PyTorch's matrix belongs to a gate block g and a unit j: row = g * block_rows + j. Inside, each
/// block is padded to a multiple of kPanelWidth and moved to slot[g], so that its place is n = slot[g] *
/// padded(block_rows) + j. Padding is zero and stays zero: its gradients are products with zero.
namespace unroll {

enum class LayoutKind {
  kPanels,     // [N/8][cols][8]: eight outputs side by side, as the matrix product reads them
  kTokenRows,  // [cols][N]: a row of outputs for each token, so that a one-hot product is a row look-up
  kRows,       // [rows][padded(cols)]: embeddings
  kVector,     // [N]: biases
};

inline constexpr Index kMaxGates = 4;

struct Layout {
  LayoutKind kind = LayoutKind::kVector;
  Index rows = 0;  // PyTorch's shape: (rows, cols), or (rows) when cols is 0
  Index cols = 0;
  Index block_rows = 0;  // H for gates, all rows for a head
  std::array<Index, kMaxGates> slot = {0, 1, 2, 3};

  Index blocks() const { return rows / block_rows; }
  /// Outputs with padding.
  Index padded_rows() const { return blocks() * padded(block_rows); }
  Index size() const { return rows * std::max<Index>(cols, 1); }

  /// How many numbers the parameter takes inside.
  Index padded_size() const {
    switch (kind) {
      case LayoutKind::kPanels:
      case LayoutKind::kTokenRows: return padded_rows() * cols;
      case LayoutKind::kRows: return rows * padded(cols);
      case LayoutKind::kVector: return padded_rows();
    }
    return 0;
  }

  /// The place inside of PyTorch's element (row, col).
  Index place(Index row, Index col) const {
    const Index n = slot[static_cast<std::size_t>(row / block_rows)] * padded(block_rows) + row % block_rows;
    switch (kind) {
      case LayoutKind::kPanels: return (n / kPanelWidth * cols + col) * kPanelWidth + n % kPanelWidth;
      case LayoutKind::kTokenRows: return col * padded_rows() + n;
      case LayoutKind::kRows: return row * padded(cols) + col;
      case LayoutKind::kVector: return n;
    }
    return 0;
  }
};

/// PyTorch's row-major `source` to the layout; padding is left as it is.
template <class S, class From>
void pack(const Layout& layout, const From* source, S* inside) {
  const Index cols = std::max<Index>(layout.cols, 1);
  for (Index r = 0; r < layout.rows; ++r) {
    for (Index c = 0; c < cols; ++c) inside[layout.place(r, c)] = static_cast<S>(source[r * cols + c]);
  }
}

/// The layout back to PyTorch's row-major order.
template <class S, class To>
void unpack(const Layout& layout, const S* inside, To* target) {
  const Index cols = std::max<Index>(layout.cols, 1);
  for (Index r = 0; r < layout.rows; ++r) {
    for (Index c = 0; c < cols; ++c) target[r * cols + c] = static_cast<To>(inside[layout.place(r, c)]);
  }
}

/// Panels of the transposed matrix: W [N/8][K][8] to [padded(K)/8][N][8], where N is a multiple of 8.
/// A product with them multiplies by W instead of by its transpose, which is what backward needs.
template <class S>
void transpose_panels(Index n_size, Index k_size, const S* panels, S* transposed) {
  for (Index k0 = 0; k0 < k_size; k0 += kPanelWidth) {
    const Index lanes = std::min(kPanelWidth, k_size - k0);
    S* target = transposed + k0 * n_size;
    for (Index n = 0; n < n_size; ++n) {
      const S* source = panels + (n / kPanelWidth * k_size + k0) * kPanelWidth + n % kPanelWidth;
      for (Index lane = 0; lane < lanes; ++lane) target[n * kPanelWidth + lane] = source[lane * kPanelWidth];
      for (Index lane = lanes; lane < kPanelWidth; ++lane) target[n * kPanelWidth + lane] = S(0);
    }
  }
}

/// Panels of the transpose of a matrix that lies in token rows, W [K][N] to [padded(K)/8][N][8]: what
/// backward multiplies with to get the gradient by one-hot vectors.
template <class S>
void token_rows_to_panels(Index n_size, Index k_size, const S* rows, S* transposed) {
  for (Index k = 0; k < padded(k_size); ++k) {
    S* target = transposed + k / kPanelWidth * n_size * kPanelWidth + k % kPanelWidth;
    for (Index n = 0; n < n_size; ++n) target[n * kPanelWidth] = k < k_size ? rows[k * n_size + n] : S(0);
  }
}

}  // namespace unroll
