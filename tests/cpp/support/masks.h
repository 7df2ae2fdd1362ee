#pragma once

#include "support/random.h"
#include "unroll/nn/stack.h"

namespace unroll::testing {

/// Masks for the outputs of all layers but the last, for Dropout::kKeep.
inline void draw_masks(Random& random, Index rows, Stack<double>& stack) {
  const double keep = 1.0 / (1.0 - stack.config().network.dropout);
  for (Index layer = 0; layer + 1 < stack.config().network.num_layers; ++layer) {
    AlignedBuffer<double>& mask = stack.mask(layer);
    random.fill_rows(mask, rows, stack.output_size());
    for (Index i = 0; i < mask.size(); ++i) mask[i] = mask[i] > -0.2 ? keep : 0.0;
  }
}

}  // namespace unroll::testing
