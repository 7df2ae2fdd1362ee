#pragma once

#include <optional>
#include <string>
#include <vector>

#include "unroll/nn/parameters.h"

namespace unroll {

/// What one step did to one parameter; norms are L2, with squares added up in double.
struct ParameterStatistics {
  std::string name;
  double gradient_norm;  // before clipping by norm, after clipping by value
  double weight_norm;    // after the step
  double update_norm;    // of after - before
  /// update_norm / norm before the step; about 1e-3 is healthy. Nothing where all values were zero before, as
  /// biases are after some initialisations: there is no ratio to nothing.
  std::optional<double> update_ratio;
};

/// One for each parameter, in the order of the state_dict. `before`: the values before the update. The
/// gradients are those that `parameters` hold.
std::vector<ParameterStatistics> parameter_statistics(const Parameters<float>& parameters,
                                                      const AlignedBuffer<float>& before);

/// The first parameter with a gradient that is not a finite number; -1: there is none.
Index first_not_finite_gradient(const Parameters<float>& parameters);
/// Likewise with a value.
Index first_not_finite_value(const Parameters<float>& parameters);

}  // namespace unroll
