#include "unroll/model/parameter_statistics.h"

#include <cmath>

namespace unroll {

std::vector<ParameterStatistics> parameter_statistics(const Parameters<float>& parameters,
                                                      const AlignedBuffer<float>& before) {
  std::vector<ParameterStatistics> result;
  for (Index id = 0; id < parameters.count(); ++id) {
    const auto& [name, layout, bound] = parameters.spec(id);
    const float* gradient = parameters.gradient(id);
    const float* after = parameters.value(id);
    const float* old = before.data() + (after - parameters.values().data());
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
                      .update_ratio = updates == 0.0 ? 0.0 : std::sqrt(updates / olds)});
  }
  return result;
}

Index first_not_finite_gradient(const Parameters<float>& parameters) {
  for (Index id = 0; id < parameters.count(); ++id) {
    const float* gradient = parameters.gradient(id);
    for (Index i = 0; i < parameters.spec(id).layout.padded_size(); ++i) {
      if (!std::isfinite(gradient[i])) return id;
    }
  }
  return -1;
}

}  // namespace unroll
