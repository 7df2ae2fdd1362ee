#pragma once

#include <vector>

#include "unroll/nn/stack.h"

namespace unroll {

/// How the gradient of a loss at the last step T fades, or grows, on its way back through one sequence:
///
///   h[t] = ||dL/dh_t||    c[t] = ||dL/dc_t||    t = 0 (the initial state) .. T, for each layer
///   input[t] = ||dL/dx_t||    t = 0 .. T - 1, by the vectors that the lowest layer reads
///
/// Source: Hochreiter, 1991; Bengio et al., Learning long-term dependencies with gradient descent is
/// difficult, 1994.
///
/// h_t and c_t are two nodes: dL/dh_t reaches back through the gates of step t+1 and the layer above at step
/// t, dL/dc_t through h_t and c_{t+1}. Squares are added up in double: after a hundred steps of a vanilla
/// network they are near 1e-50, which float calls zero.
struct GradientFlow {
  struct Layer {
    std::vector<double> h;  // (T + 1)
    std::vector<double> c;  // (T + 1), empty for cells without a cell state
  };
  std::vector<Layer> layers;
  std::vector<double> input;  // (T)
};

/// Reads the norms off a stack in one direction, after a backward() over a single sequence of `steps` steps
/// that kept the gradients by its states. d_initial: what that backward() left in d_state. d_input: rows of
/// padded(input_size).
template <class S>
GradientFlow gradient_flow(const Stack<S>& stack, Index steps, const StackState<S>& d_initial,
                           const S* d_input);

}  // namespace unroll
