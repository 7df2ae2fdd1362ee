#pragma once

#include <emscripten/bind.h>

#include <memory>
#include <optional>
#include <string>

#include "configs.h"
#include "counted.h"
#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/training/network_update.h"
#include "values_out.h"

namespace unroll::bindings {

/// What JavaScript does with the weights of every network: reads, replaces and trains them.
class NetworkHandle : Counted {
 public:
  std::string fingerprint() const { return hex_text(unroll::fingerprint(*parameters_)); }
  double parameter_count() const { return static_cast<double>(parameters_->size()); }

  val export_tensors() const {
    return attempt([&] { return tensors_out(export_values(*parameters_)); });
  }
  val import_tensors(const val& tensors) {
    return attempt([&] {
      import_values(tensors_in(who_, tensors), *parameters_);
      return val::null();
    });
  }

  val configure_optimizer(const val& config) {
    return attempt([&] {
      const OptimizerConfig wanted = optimizer_in(config);
      if (optimizer_) {
        optimizer_->configure(wanted);
      } else {
        optimizer_.emplace(wanted);
      }
      return val::null();
    });
  }

  /// {gradNorm: before clipping}
  val apply_gradients(double clip_norm, double clip_value) {
    return attempt([&] {
      if (!optimizer_) {
        throw Error(ErrorCode::kWrongState,
                    std::string(who_) + ".applyGradients: call configureOptimizer() first");
      }
      check_clip("clipNorm", clip_norm);
      check_clip("clipValue", clip_value);
      val result = object();
      result.set("gradNorm", update_network(who_, *parameters_, *optimizer_, clip_norm, clip_value));
      return result;
    });
  }

  val optimizer_state() const {
    return attempt(
        [&] { return optimizer_ ? tensors_out(export_moments(*parameters_, *optimizer_)) : val::array(); });
  }

 protected:
  /// `network` has parameters(); it lives as long as the handle.
  template <class Network>
  NetworkHandle(const char* who, const std::shared_ptr<Network>& network)
      : who_(who), parameters_(network, &network->parameters()) {}

 private:
  /// As the float that gradients meet: a bound that only rounds to 0 does not say that there is none.
  void check_clip(const char* field, double bound) const {
    if (!(bound >= 0.0)) reject(who_, field, val(bound), "a number from 0 on");
    if (bound > 0.0 && static_cast<float>(bound) == 0.0f) reject(who_, field, val(bound), "0 or 1e-45 on");
  }

  const char* who_;
  std::shared_ptr<Parameters<float>> parameters_;
  std::optional<Optimizer<float>> optimizer_;
};

/// Binds a kind of network with the functions that all of them have. The casts make them functions of Handle,
/// which embind knows, unlike NetworkHandle.
template <class Handle>
emscripten::class_<Handle> network_class(const char* name) {
  emscripten::class_<Handle> bound(name);
  bound.template smart_ptr<std::shared_ptr<Handle>>(name)
      .function("fingerprint", static_cast<std::string (Handle::*)() const>(&Handle::fingerprint))
      .function("parameterCount", static_cast<double (Handle::*)() const>(&Handle::parameter_count))
      .function("exportTensors", static_cast<val (Handle::*)() const>(&Handle::export_tensors))
      .function("importTensors", static_cast<val (Handle::*)(const val&)>(&Handle::import_tensors))
      .function("configureOptimizer", static_cast<val (Handle::*)(const val&)>(&Handle::configure_optimizer))
      .function("applyGradients", static_cast<val (Handle::*)(double, double)>(&Handle::apply_gradients))
      .function("optimizerState", static_cast<val (Handle::*)() const>(&Handle::optimizer_state));
  return bound;
}

}  // namespace unroll::bindings
