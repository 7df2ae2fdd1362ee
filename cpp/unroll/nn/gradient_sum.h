#pragma once

#include <span>

#include "unroll/nn/parameters.h"

namespace unroll {

/// gradients *= factor
void scale_gradients(Parameters<float>& parameters, float factor);

/// gradients = ((blocks[0] + blocks[1]) + blocks[2]) + ...
///
/// Every replica adds in this order, its own block among the others, so all arrive at the same bits. The
/// blocks are laid out as parameters.gradients(), padding included, and may be that block itself.
void sum_gradients(std::span<const std::span<const float>> blocks, Parameters<float>& parameters);

}  // namespace unroll
