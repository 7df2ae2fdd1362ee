#include "unroll/model/gradient_flow.h"

#include <cmath>

namespace unroll {
namespace {

template <class S>
double norm(const S* values, Index size) {
  double sum = 0.0;
  for (Index j = 0; j < size; ++j) sum += static_cast<double>(values[j]) * static_cast<double>(values[j]);
  return std::sqrt(sum);
}

template <class S>
std::vector<double> norms(const S* initial, const S* rows, Index steps, Index width) {
  std::vector<double> result = {norm(initial, width)};
  for (Index t = 0; t < steps; ++t) result.push_back(norm(rows + t * width, width));
  return result;
}

}  // namespace

template <class S>
GradientFlow gradient_flow(const Stack<S>& stack, Index steps, const StackState<S>& d_initial,
                           const S* d_input) {
  GradientFlow flow;
  for (Index k = 0; k < stack.config().network.num_layers; ++k) {
    const RecurrentLayer<S>& layer = stack.layer(k, 0);
    const auto at = static_cast<std::size_t>(k);
    GradientFlow::Layer& own = flow.layers.emplace_back();
    own.h = norms(d_initial.h[at].data(), layer.h_gradients(), steps, layer.width());
    if (!d_initial.c.empty()) {
      own.c = norms(d_initial.c[at].data(), layer.c_gradients(), steps, layer.width());
    }
  }
  const Index stride = padded(stack.config().input_size);
  for (Index t = 0; t < steps; ++t) flow.input.push_back(norm(d_input + t * stride, stride));
  return flow;
}

template GradientFlow gradient_flow(const Stack<float>&, Index, const StackState<float>&, const float*);
template GradientFlow gradient_flow(const Stack<double>&, Index, const StackState<double>&, const double*);

}  // namespace unroll
