#include "unroll/math/elementary.h"
#include "unroll/nn/cell.h"

/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), as
/// torch.nn.LSTM.
///
///   i = sigmoid(a_i)   f = sigmoid(a_f)   g = tanh(a_g)   o = sigmoid(a_o)
///   c[t] = f * c[t-1] + i * g
///   h[t] = o * tanh(c[t])
///
/// Backward, with dh and dc the gradients by h[t] and c[t]:
///
///   do = dh * tanh(c)          dc += dh * o * (1 - tanh(c)^2)
///   di = dc * g    df = dc * c[t-1]    dg = dc * i        dc[t-1] = dc * f
///   d a_x = dx * x * (1 - x) for the logistic gates, dg * (1 - g^2) for g
namespace unroll {
namespace {

template <class S>
void forward(const CellForward<S>& step) {
  constexpr Index kWidth = Lanes<S>::kWidth;
  const Index width = step.width;
  for (Index row = 0; row < step.rows; ++row) {
    S* gates = step.gates + row * 4 * width;
    const Index state = row * width;
    for (Index j = 0; j < width; j += kWidth) {
      const LaneVector<S> i = lane_sigmoid(load(gates + j));
      const LaneVector<S> f = lane_sigmoid(load(gates + width + j));
      const LaneVector<S> g = lane_tanh(load(gates + 2 * width + j));
      const LaneVector<S> o = lane_sigmoid(load(gates + 3 * width + j));
      const LaneVector<S> c = madd(f, load(step.c_previous + state + j), i * g);
      const LaneVector<S> c_tanh = lane_tanh(c);
      store(gates + j, i);
      store(gates + width + j, f);
      store(gates + 2 * width + j, g);
      store(gates + 3 * width + j, o);
      store(step.c + state + j, c);
      store(step.c_tanh + state + j, c_tanh);
      store(step.h + state + j, o * c_tanh);
    }
  }
}

template <class S>
void backward(const CellBackward<S>& step) {
  constexpr Index kWidth = Lanes<S>::kWidth;
  const Index width = step.width;
  const LaneVector<S> one = splat(S(1));
  for (Index row = 0; row < step.rows; ++row) {
    S* gates = step.gates + row * 4 * width;
    const Index state = row * width;
    for (Index j = 0; j < width; j += kWidth) {
      const LaneVector<S> i = load(gates + j);
      const LaneVector<S> f = load(gates + width + j);
      const LaneVector<S> g = load(gates + 2 * width + j);
      const LaneVector<S> o = load(gates + 3 * width + j);
      const LaneVector<S> c_tanh = load(step.c_tanh + state + j);
      LaneVector<S> d_h = load(step.d_h + state + j);
      if (step.d_output != nullptr) d_h += load(step.d_output + state + j);
      const LaneVector<S> d_c = madd(d_h * o, one - c_tanh * c_tanh, load(step.d_c + state + j));
      if (step.d_c_whole != nullptr) store(step.d_c_whole + state + j, d_c);
      store(gates + j, d_c * g * (i * (one - i)));
      store(gates + width + j, d_c * load(step.c_previous + state + j) * (f * (one - f)));
      store(gates + 2 * width + j, d_c * i * (one - g * g));
      store(gates + 3 * width + j, d_h * c_tanh * (o * (one - o)));
      store(step.d_c + state + j, d_c * f);
      store(step.d_h + state + j, splat(S(0)));
    }
  }
}

}  // namespace

template <class S>
const Cell<S>& lstm_cell() {
  static constexpr Cell<S> kCell = {.name = "lstm",
                                    .gate_names = {"i", "f", "g", "o"},
                                    .gates = 4,
                                    .slots = 4,
                                    .has_cell_state = true,
                                    .input_slot = {0, 1, 2, 3},
                                    .hidden_slot = {0, 1, 2, 3},
                                    .first_hidden_slot = 0,
                                    .forward = forward<S>,
                                    .backward = backward<S>};

  return kCell;
}

template const Cell<float>& lstm_cell();
template const Cell<double>& lstm_cell();

}  // namespace unroll
