#pragma once

#include "unroll/model/gradient_flow.h"
#include "values_out.h"

namespace unroll::bindings {

/// {layers: {h, c | null}[], input}, all Float64Array.
inline val flow_out(const GradientFlow& flow) {
  val layers = val::array();
  for (const auto& [h, c] : flow.layers) {
    val layer = object();
    layer.set("h", copy_out(h));
    layer.set("c", c.empty() ? val::null() : copy_out(c));
    layers.call<void>("push", layer);
  }
  val result = object();
  result.set("layers", layers);
  result.set("input", copy_out(flow.input));
  return result;
}

}  // namespace unroll::bindings
