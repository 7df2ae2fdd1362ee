#pragma once

#include <cstddef>
#include <cstdint>

/// Types that every part shares, and the legend of the one-letter names.
///
///   T seq_len       number of time steps of a window
///   B batch_size    number of sequences side by side
///   I input_size    features of one input vector
///   H hidden_size   features of one hidden state
///   G               gate blocks of a cell: 1 RNN, 3 GRU, 4 LSTM
///   L num_layers    D directions, 1 or 2
///   V vocab_size    E embedding_dim
///
/// Arrays are row-major with the batch before the features, as in PyTorch: (T, B, H) is T blocks of B rows of
/// H.
namespace unroll {

/// A signed size, so that differences and downward loops are ordinary arithmetic.
using Index = std::ptrdiff_t;

/// The index of a token in a vocabulary, 0 <= id < V.
using TokenId = std::int32_t;

/// How many lanes a panel of a packed matrix has, and the multiple that features are padded to inside.
inline constexpr Index kPanelWidth = 8;

/// The smallest multiple of kPanelWidth that holds `size` features.
constexpr Index padded(Index size) {
  return (size + kPanelWidth - 1) / kPanelWidth * kPanelWidth;
}

}  // namespace unroll
