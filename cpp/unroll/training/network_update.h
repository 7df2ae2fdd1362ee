#pragma once

#include "unroll/nn/optimizer.h"

namespace unroll {

/// One update of a network from the gradients of its last loss, clipped by value and by their norm, 0: not.
/// Returns the norm before clipping.
///
/// Throws Error(kNotFinite), with the name of the first parameter, for gradients that are not finite: nothing
/// has changed then; and when the update makes a weight too large for a float: the weights are then to be
/// replaced.
double update_network(const char* who, Parameters<float>& parameters, Optimizer<float>& optimizer,
                      double clip_norm, double clip_value);

}  // namespace unroll
