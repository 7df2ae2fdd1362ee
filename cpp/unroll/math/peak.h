#pragma once

#include "unroll/core/types.h"

/// Yardsticks for benchmarks: how fast this machine, in this browser or Node, multiplies and adds at best. A
/// rate that is measured beside them in the same second can be given as a share, which holds when the
/// machine's speed drifts. Each does its work `repetitions` times and returns the floating-point operations
/// that were done.
namespace unroll {

/// Ten independent chains of x = x * a + b in registers: nothing but arithmetic.
double run_multiply_add_chain(Index repetitions);

/// The matrix product's own kernel on operands that stay in the first-level cache.
double run_product_kernel(Index repetitions);

}  // namespace unroll
