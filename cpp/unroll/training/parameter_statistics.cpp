#include "unroll/training/parameter_statistics.h"

#include <cmath>

#include "unroll/nn/finite.h"

namespace unroll {

std::vector<ParameterStatistics> parameter_statistics(const Parameters<float>& parameters,
                                                      const AlignedBuffer<float>& before) {
  std::vector<ParameterStatistics> result;
  for (Index id = 0; id < parameters.count(); ++id) {
    const auto& [name, layout, bound] = parameters.spec(id);
    const float* after = parameters.value(id);
    const Index offset = after - parameters.values().data();
    const float* gradient = parameters.held_gradients().data() + offset;
    const float* old = before.data() + offset;
    double gradients = 0.0, weights = 0.0, updates = 0.0, olds = 0.0;
    // Padding is zero everywhere and adds nothing.
    for (Index i = 0; i < layout.padded_size(); ++i) {
      const double g = gradient[i], w = after[i], o = old[i];
      gradients += g * g;
      weights += w * w;
      updates += (w - o) * (w - o);
      olds += o * o;
    }
    result.push_back({.name = name,
                      .gradient_norm = std::sqrt(gradients),
                      .weight_norm = std::sqrt(weights),
                      .update_norm = std::sqrt(updates),
                      .update_ratio = olds > 0.0 ? std::optional(std::sqrt(updates / olds)) : std::nullopt});
  }
  return result;
}

namespace {

/// `block`: a number for each value.
Index first_not_finite(const Parameters<float>& parameters, const AlignedBuffer<float>& block) {
  for (Index id = 0; id < parameters.count(); ++id) {
    const float* numbers = block.data() + (parameters.value(id) - parameters.values().data());
    if (!all_finite(parameters.spec(id).layout.padded_size(), numbers)) return id;
  }
  return -1;
}

}  // namespace

Index first_not_finite_gradient(const Parameters<float>& parameters) {
  return first_not_finite(parameters, parameters.gradients());
}

Index first_not_finite_value(const Parameters<float>& parameters) {
  return first_not_finite(parameters, parameters.values());
}

}  // namespace unroll
