#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/array.h"
#include "unroll/nn/cell.h"

namespace unroll::testing {

/// torch.nn.RNN, GRU and LSTM from the equations of their documentation: one sequence, plain loops, double.
///
///   RNN   h' = act(W_ih x + b_ih + W_hh h + b_hh)
///   GRU   r = s(W_ir x + b_ir + W_hr h + b_hr)    z = s(W_iz x + b_iz + W_hz h + b_hz)
///         n = tanh(W_in x + b_in + r (W_hn h + b_hn))                 h' = (1 - z) n + z h
///   LSTM  i, f, o = s(W_i. x + b_i. + W_h. h + b_h.)    g = tanh(...)    c' = f c + i g    h' = o tanh(c')
///
/// It knows nothing of panels, slots, packings or batches: a batch is a loop over sequences.
struct NaiveConfig {
  CellKind cell;
  Index input_size;
  Index hidden_size;
  Index num_layers = 1;
  bool bidirectional = false;
  bool bias = true;

  Index directions() const { return bidirectional ? 2 : 1; }
  Index gates() const { return cell == CellKind::kLstm ? 4 : cell == CellKind::kGru ? 3 : 1; }
};

/// Parameters or gradients by PyTorch's names; a bias is a matrix of one column.
using NaiveWeights = std::map<std::string, Array<double>>;

/// Zeros for every parameter of a network.
NaiveWeights naive_zeros(const NaiveConfig& config);

/// Rows k * D + d: the state of layer k, direction d. c is ignored and left alone by cells without one.
struct NaiveState {
  Array<double> h;
  Array<double> c;

  NaiveState() = default;
  explicit NaiveState(const NaiveConfig& config)
      : h(config.num_layers * config.directions(), config.hidden_size), c(h) {}
};

class NaiveRnn {
 public:
  explicit NaiveRnn(const NaiveConfig& config)
      : weights(naive_zeros(config)), gradients(naive_zeros(config)), config_(config) {}

  /// x: (T, input_size). masks: for each layer but the last (T, D*H) factors, or none. Returns (T, D*H).
  Array<double> forward(const Array<double>& x, const NaiveState& initial,
                        const std::vector<Array<double>>& masks = {});
  const NaiveState& final_state() const { return final_; }

  /// Back-propagation through time of the last forward(): adds to `gradients`, replaces d_state (by the final
  /// states) by the gradient by the initial ones, and returns that by x.
  Array<double> backward(const Array<double>& d_output, NaiveState& d_state);

  NaiveWeights weights;
  NaiveWeights gradients;

 private:
  /// What one direction of one layer did at each step, in the order of the scan.
  struct Scan {
    std::string suffix;
    bool reverse;
    Array<double> x;
    Array<double> h, c;         // (T + 1, H) in the order of the scan; row 0 is the initial state
    Array<double> gates;        // (T, G*H) after the nonlinearities
    Array<double> hidden_sums;  // (T, G*H) W_hh h + b_hh
    Array<double> output;       // (T, H) in the order of time
  };

  double product(const std::string& weight, Index row, const double* x) const;
  double bias(const std::string& name, Index row) const;
  void step(Scan& scan, Index i) const;
  /// d_h, d_c by the state after step i; they become those before it. d_x is added to.
  void step_back(const Scan& scan, Index i, std::vector<double>& d_h, std::vector<double>& d_c, double* d_x);
  /// The parameters' share of the gradients by the sums of gate row `row`.
  void add_gradients(const Scan& scan, Index i, Index row, double d_input_sum, double d_hidden_sum,
                     std::vector<double>& d_h_before, double* d_x);

  NaiveConfig config_;
  std::vector<Scan> scans_;
  std::vector<Array<double>> masks_;
  NaiveState final_;
};

}  // namespace unroll::testing
