#include "unroll/math/elementary.h"
#include "unroll/nn/cell.h"

/// The vanilla recurrent network (Elman 1990), as torch.nn.RNN with nonlinearity "tanh" or "relu":
///
///   h[t] = act(a),  a = W_ih x + b_ih + W_hh h[t-1] + b_hh
///
/// Backward: da = dh * (1 - h^2) for tanh, dh where h > 0 for relu.
namespace unroll {
namespace {

struct Tanh {
  template <class V>
  static V value(V a) {
    return lane_tanh(a);
  }
  template <class V>
  static V gradient(V h, V d_h, V one) {
    return d_h * (one - h * h);
  }
};

struct Relu {
  template <class V>
  static V value(V a) {
    return lane_max(a, V{});
  }
  template <class V>
  static V gradient(V h, V d_h, V) {
    return where_positive(h, d_h);
  }
};

template <class S, class Activation>
void forward(const CellForward<S>& step) {
  const Index size = step.rows * step.width;
  for (Index j = 0; j < size; j += Lanes<S>::kWidth)
    store(step.h + j, Activation::value(load(step.gates + j)));
}

template <class S, class Activation>
void backward(const CellBackward<S>& step) {
  const LaneVector<S> one = splat(S(1));
  const Index size = step.rows * step.width;
  for (Index j = 0; j < size; j += Lanes<S>::kWidth) {
    LaneVector<S> d_h = load(step.d_h + j);
    if (step.d_output != nullptr) d_h += load(step.d_output + j);
    store(step.gates + j, Activation::gradient(load(step.h + j), d_h, one));
    store(step.d_h + j, splat(S(0)));
  }
}

template <class S, class Activation>
constexpr Cell<S> make(std::string_view name) {
  return {.name = name,
          .gate_names = {},  // its only block is the sum itself
          .gates = 1,
          .slots = 1,
          .has_cell_state = false,
          .input_slot = {0},
          .hidden_slot = {0},
          .first_hidden_slot = 0,
          .forward = forward<S, Activation>,
          .backward = backward<S, Activation>};
}

}  // namespace

template <class S>
const Cell<S>& rnn_tanh_cell() {
  static constexpr Cell<S> kCell = make<S, Tanh>("rnn_tanh");
  return kCell;
}

template <class S>
const Cell<S>& rnn_relu_cell() {
  static constexpr Cell<S> kCell = make<S, Relu>("rnn_relu");
  return kCell;
}

template const Cell<float>& rnn_tanh_cell();
template const Cell<double>& rnn_tanh_cell();
template const Cell<float>& rnn_relu_cell();
template const Cell<double>& rnn_relu_cell();

}  // namespace unroll
