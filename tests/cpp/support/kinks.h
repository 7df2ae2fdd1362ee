#pragma once

#include <cmath>
#include <limits>

#include "unroll/nn/stack.h"

namespace unroll::testing {

/// The kink of relu makes a central difference that straddles it wrong, so checks keep away from it.
inline constexpr double kKinkMargin = 1e-3;

/// The smallest |a| over all pre-activations of the last forward pass of a stack of rnn_relu layers, whose
/// slots hold them until backward(); infinite for the smooth cells.
inline double distance_to_kink(const Stack<double>& stack, Index rows) {
  double least = std::numeric_limits<double>::infinity();
  const StackConfig& config = stack.config();
  if (config.network.cell != CellKind::kRnnRelu) return least;
  for (Index layer = 0; layer < config.network.num_layers; ++layer) {
    for (Index direction = 0; direction < config.directions(); ++direction) {
      const double* sums = stack.layer(layer, direction).gates();
      for (Index r = 0; r < rows; ++r) {
        for (Index j = 0; j < config.network.hidden_size; ++j) {
          least = std::min(least, std::abs(sums[r * padded(config.network.hidden_size) + j]));
        }
      }
    }
  }
  return least;
}

/// The first seed whose distance(seed) keeps away from the kink.
template <class Distance>
std::uint64_t smooth_seed(Distance&& distance) {
  for (std::uint64_t seed = 1;; ++seed) {
    if (distance(seed) >= kKinkMargin) return seed;
  }
}

}  // namespace unroll::testing
