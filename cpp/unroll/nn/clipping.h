#pragma once

#include "unroll/nn/parameters.h"

namespace unroll {

/// The L2 norm of all gradients together, squares added up in double. NaN or infinite when any gradient is.
template <class S>
double gradient_norm(const Parameters<S>& parameters);

/// What torch.nn.utils.clip_grad_norm_ multiplies every gradient by: min(1, max_norm / (norm + 1e-6)).
/// max_norm 0 means no clipping. Source: Pascanu et al., On the difficulty of training recurrent neural
/// networks, 2013.
double clip_coefficient(double norm, double max_norm);

/// torch.nn.utils.clip_grad_value_: every gradient into [-limit, limit]; a NaN stays.
template <class S>
void clip_values(Parameters<S>& parameters, double limit);

/// Both, each where its bound is above 0: clamps by value, then returns the coefficient for the norm that is
/// left. norm: that of the gradients as they are, which the caller has looked at already.
template <class S>
double clip_gradients(Parameters<S>& parameters, double norm, double max_norm, double max_value);

}  // namespace unroll
