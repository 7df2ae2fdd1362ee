#pragma once

#include <optional>
#include <string>

#include "configs_in.h"
#include "unroll/nn/clipping.h"
#include "values_out.h"

namespace unroll::bindings {

/// The optimizer that a model in JavaScript's hands is trained with, once it has been chosen.
class OptimizerSlot {
 public:
  void configure(const val& config) {
    const OptimizerConfig wanted = optimizer_in(config);
    if (optimizer_) {
      optimizer_->configure(wanted);
    } else {
      optimizer_.emplace(wanted);
    }
  }

  /// {gradNorm: before clipping}
  val apply(const char* who, Parameters<float>& parameters, double clip_norm, double clip_value) {
    if (!optimizer_) {
      throw Error(ErrorCode::kWrongState,
                  std::string(who) + ".applyGradients: call configureOptimizer() first");
    }
    if (!(clip_norm >= 0.0)) reject(who, "clipNorm", val(clip_norm), "a number from 0 on");
    if (!(clip_value >= 0.0)) reject(who, "clipValue", val(clip_value), "a number from 0 on");
    const double norm = gradient_norm(parameters);
    optimizer_->update(parameters, clip_gradients(parameters, norm, clip_norm, clip_value));
    val result = object();
    result.set("gradNorm", norm);
    return result;
  }

  val state(const Parameters<float>& parameters) const {
    if (!optimizer_) return val::array();
    return tensors_out(export_moments(parameters, *optimizer_));
  }

 private:
  std::optional<Optimizer<float>> optimizer_;
};

}  // namespace unroll::bindings
