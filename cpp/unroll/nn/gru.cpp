#include "unroll/math/elementary.h"
#include "unroll/nn/cell.h"

/// Gated recurrent unit (Cho et al. 2014) in the variant of torch.nn.GRU, with the reset gate after the
/// product:
///
///   r = sigmoid(a_r)   z = sigmoid(a_z)
///   n = tanh(a_n + r * b_n)       a_n = W_in x + b_in,  b_n = W_hn h[t-1] + b_hn
///   h[t] = (1 - z) * n + z * h[t-1]
///
/// The slots are a_n, r, z, b_n, so that the input's product (n, r, z) and the state's (r, z, n) are both
/// contiguous.
///
/// Backward, with dh the gradient by h[t]:
///
///   dz = dh * (h[t-1] - n)            dn = dh * (1 - z)        dh[t-1] = dh * z (and through the product)
///   d a_n = dn * (1 - n^2)            d b_n = d a_n * r
///   d a_r = d a_n * b_n * r * (1 - r)    d a_z = dz * z * (1 - z)
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
      const LaneVector<S> r = lane_sigmoid(load(gates + width + j));
      const LaneVector<S> z = lane_sigmoid(load(gates + 2 * width + j));
      const LaneVector<S> n = lane_tanh(madd(r, load(gates + 3 * width + j), load(gates + j)));
      store(gates + j, n);
      store(gates + width + j, r);
      store(gates + 2 * width + j, z);
      store(step.h + state + j, madd(z, load(step.h_previous + state + j) - n, n));
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
      const LaneVector<S> n = load(gates + j);
      const LaneVector<S> r = load(gates + width + j);
      const LaneVector<S> z = load(gates + 2 * width + j);
      const LaneVector<S> b_n = load(gates + 3 * width + j);
      LaneVector<S> d_h = load(step.d_h + state + j);
      if (step.d_output != nullptr) d_h += load(step.d_output + state + j);
      const LaneVector<S> d_a_n = d_h * (one - z) * (one - n * n);
      store(gates + j, d_a_n);
      store(gates + width + j, d_a_n * b_n * (r * (one - r)));
      store(gates + 2 * width + j, d_h * (load(step.h_previous + state + j) - n) * (z * (one - z)));
      store(gates + 3 * width + j, d_a_n * r);
      store(step.d_h + state + j, d_h * z);
    }
  }
}

}  // namespace

template <class S>
const Cell<S>& gru_cell() {
  static constexpr Cell<S> kCell = {.name = "gru",
                                    .gate_names = {"r", "z", "n"},
                                    .gates = 3,
                                    .slots = 4,
                                    .has_cell_state = false,
                                    .input_slot = {1, 2, 0},
                                    .hidden_slot = {1, 2, 3},
                                    .first_hidden_slot = 1,
                                    .forward = forward<S>,
                                    .backward = backward<S>};

  return kCell;
}

template const Cell<float>& gru_cell();
template const Cell<double>& gru_cell();

}  // namespace unroll
