#pragma once

#include "support/array.h"
#include "unroll/nn/parameters.h"

namespace unroll::testing {

/// A parameter's values in PyTorch's order; a bias is a matrix of one column.
template <class S>
Array<double> value_of(const Parameters<S>& parameters, Index id) {
  const Layout& layout = parameters.spec(id).layout;
  Array<double> values(layout.rows, std::max<Index>(layout.cols, 1));
  unpack(layout, parameters.value(id), values.data());
  return values;
}

template <class S>
Array<double> gradient_of(const Parameters<S>& parameters, Index id) {
  const Layout& layout = parameters.spec(id).layout;
  Array<double> gradients(layout.rows, std::max<Index>(layout.cols, 1));
  unpack(layout, parameters.gradient(id), gradients.data());
  return gradients;
}

template <class S>
void set_value(Parameters<S>& parameters, Index id, const Array<double>& values) {
  pack(parameters.spec(id).layout, values.data(), parameters.value(id));
  parameters.changed();
}

/// The number of the parameter with this name; count() when there is none.
template <class S>
Index id_of(const Parameters<S>& parameters, const std::string& name) {
  Index id = 0;
  while (id < parameters.count() && parameters.spec(id).name != name) ++id;
  return id;
}

}  // namespace unroll::testing
