#pragma once

#include "unroll/nn/parameters.h"

namespace unroll {

/// The L2 norm of all gradients together, squares added up in double. NaN or infinite when any gradient is.
template <class S>
double gradient_norm(const Parameters<S>& parameters);

/// What torch.nn.utils.clip_grad_norm_ multiplies every gradient by: min(1, max_norm / (norm + 1e-6)).
/// max_norm 0 means no clipping.
double clip_coefficient(double norm, double max_norm);

/// torch.nn.utils.clip_grad_value_: every gradient into [-limit, limit]; a NaN stays.
template <class S>
void clip_values(Parameters<S>& parameters, double limit);

}  // namespace unroll
