#include "support/naive_rnn.h"

#include <cmath>

namespace unroll::testing {
namespace {

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

std::string suffix_of(Index layer, Index direction) {
  return "_l" + std::to_string(layer) + (direction == 1 ? "_reverse" : "");
}

}  // namespace

NaiveWeights naive_zeros(const NaiveConfig& config) {
  NaiveWeights zeros;
  const Index rows = config.gates() * config.hidden_size;
  for (Index layer = 0; layer < config.num_layers; ++layer) {
    for (Index direction = 0; direction < config.directions(); ++direction) {
      const std::string suffix = suffix_of(layer, direction);
      const Index in = layer == 0 ? config.input_size : config.directions() * config.hidden_size;
      zeros["weight_ih" + suffix] = Array<double>(rows, in);
      zeros["weight_hh" + suffix] = Array<double>(rows, config.hidden_size);
      if (!config.bias) continue;
      zeros["bias_ih" + suffix] = Array<double>(rows, 1);
      zeros["bias_hh" + suffix] = Array<double>(rows, 1);
    }
  }
  return zeros;
}

double NaiveRnn::product(const std::string& weight, Index row, const double* x) const {
  const Array<double>& w = weights.at(weight);
  double sum = 0.0;
  for (Index k = 0; k < w.cols(); ++k) sum += w(row, k) * x[k];
  return sum;
}

double NaiveRnn::bias(const std::string& name, Index row) const {
  return config_.bias ? weights.at(name)(row, 0) : 0.0;
}

void NaiveRnn::step(Scan& scan, Index i) const {
  const Index size = config_.hidden_size;
  const Index t = scan.reverse ? scan.x.rows() - 1 - i : i;
  const auto input_sum = [&](Index gate, Index j) {
    const Index row = gate * size + j;
    return product("weight_ih" + scan.suffix, row, scan.x.row(t)) + bias("bias_ih" + scan.suffix, row);
  };
  const auto hidden_sum = [&](Index gate, Index j) {
    const Index row = gate * size + j;
    return product("weight_hh" + scan.suffix, row, scan.h.row(i)) + bias("bias_hh" + scan.suffix, row);
  };
  for (Index j = 0; j < size; ++j) {
    const auto gate = [&](Index g) -> double& { return scan.gates(i, g * size + j); };
    const auto both = [&](Index g) { return input_sum(g, j) + hidden_sum(g, j); };
    switch (config_.cell) {
      case CellKind::kRnnTanh:
        gate(0) = std::tanh(both(0));
        scan.h(i + 1, j) = gate(0);
        break;
      case CellKind::kRnnRelu:
        gate(0) = std::max(both(0), 0.0);
        scan.h(i + 1, j) = gate(0);
        break;
      case CellKind::kGru:
        gate(0) = sigmoid(both(0));
        gate(1) = sigmoid(both(1));
        scan.hidden_sums(i, 2 * size + j) = hidden_sum(2, j);
        gate(2) = std::tanh(input_sum(2, j) + gate(0) * hidden_sum(2, j));
        scan.h(i + 1, j) = (1.0 - gate(1)) * gate(2) + gate(1) * scan.h(i, j);
        break;
      case CellKind::kLstm:
        gate(0) = sigmoid(both(0));
        gate(1) = sigmoid(both(1));
        gate(2) = std::tanh(both(2));
        gate(3) = sigmoid(both(3));
        scan.c(i + 1, j) = gate(1) * scan.c(i, j) + gate(0) * gate(2);
        scan.h(i + 1, j) = gate(3) * std::tanh(scan.c(i + 1, j));
        break;
    }
    scan.output(t, j) = scan.h(i + 1, j);
  }
}

Array<double> NaiveRnn::forward(const Array<double>& x, const NaiveState& initial,
                                const std::vector<Array<double>>& masks) {
  const Index size = config_.hidden_size;
  const Index steps = x.rows();
  scans_.clear();
  masks_ = masks;
  final_ = NaiveState(config_);
  Array<double> input = x;
  for (Index layer = 0; layer < config_.num_layers; ++layer) {
    Array<double> output(steps, config_.directions() * size);
    for (Index direction = 0; direction < config_.directions(); ++direction) {
      const Index k = layer * config_.directions() + direction;
      Scan scan{.suffix = suffix_of(layer, direction),
                .reverse = direction == 1,
                .x = input,
                .h = Array<double>(steps + 1, size),
                .c = Array<double>(steps + 1, size),
                .gates = Array<double>(steps, config_.gates() * size),
                .hidden_sums = Array<double>(steps, config_.gates() * size),
                .output = Array<double>(steps, size)};
      for (Index j = 0; j < size; ++j) {
        scan.h(0, j) = initial.h(k, j);
        scan.c(0, j) = initial.c(k, j);
      }
      for (Index i = 0; i < steps; ++i) step(scan, i);
      for (Index j = 0; j < size; ++j) {
        final_.h(k, j) = scan.h(steps, j);
        final_.c(k, j) = scan.c(steps, j);
        for (Index t = 0; t < steps; ++t) output(t, direction * size + j) = scan.output(t, j);
      }
      scans_.push_back(scan);
    }
    if (layer + 1 < config_.num_layers && !masks.empty()) {
      const Array<double>& mask = masks[static_cast<std::size_t>(layer)];
      for (Index i = 0; i < output.size(); ++i) output[i] *= mask[i];
    }
    input = output;
  }
  return input;
}

void NaiveRnn::add_gradients(const Scan& scan, Index i, Index row, double d_input_sum, double d_hidden_sum,
                             std::vector<double>& d_h_before, double* d_x) {
  const Index t = scan.reverse ? scan.x.rows() - 1 - i : i;
  const Array<double>& weight_ih = weights.at("weight_ih" + scan.suffix);
  const Array<double>& weight_hh = weights.at("weight_hh" + scan.suffix);
  for (Index k = 0; k < weight_ih.cols(); ++k) {
    gradients["weight_ih" + scan.suffix](row, k) += d_input_sum * scan.x(t, k);
    d_x[k] += d_input_sum * weight_ih(row, k);
  }
  for (Index k = 0; k < weight_hh.cols(); ++k) {
    gradients["weight_hh" + scan.suffix](row, k) += d_hidden_sum * scan.h(i, k);
    d_h_before[static_cast<std::size_t>(k)] += d_hidden_sum * weight_hh(row, k);
  }
  if (!config_.bias) return;
  gradients["bias_ih" + scan.suffix](row, 0) += d_input_sum;
  gradients["bias_hh" + scan.suffix](row, 0) += d_hidden_sum;
}

void NaiveRnn::step_back(const Scan& scan, Index i, std::vector<double>& d_h, std::vector<double>& d_c,
                         double* d_x) {
  const Index size = config_.hidden_size;
  std::vector<double> d_h_before(d_h.size());
  for (Index j = 0; j < size; ++j) {
    const auto gate = [&](Index g) { return scan.gates(i, g * size + j); };
    const auto add = [&](Index g, double d_input_sum, double d_hidden_sum) {
      add_gradients(scan, i, g * size + j, d_input_sum, d_hidden_sum, d_h_before, d_x);
    };
    const double dh = d_h[static_cast<std::size_t>(j)];
    double& dc = d_c[static_cast<std::size_t>(j)];
    switch (config_.cell) {
      case CellKind::kRnnTanh: {
        const double d_sum = dh * (1.0 - gate(0) * gate(0));
        add(0, d_sum, d_sum);
        break;
      }
      case CellKind::kRnnRelu: {
        const double d_sum = gate(0) > 0.0 ? dh : 0.0;
        add(0, d_sum, d_sum);
        break;
      }
      case CellKind::kGru: {
        const double r = gate(0), z = gate(1), n = gate(2), h = scan.h(i, j);
        const double d_n_sum = dh * (1.0 - z) * (1.0 - n * n);
        const double d_r_sum = d_n_sum * scan.hidden_sums(i, 2 * size + j) * r * (1.0 - r);
        const double d_z_sum = dh * (h - n) * z * (1.0 - z);
        add(0, d_r_sum, d_r_sum);
        add(1, d_z_sum, d_z_sum);
        add(2, d_n_sum, d_n_sum * r);
        d_h_before[static_cast<std::size_t>(j)] += dh * z;
        break;
      }
      case CellKind::kLstm: {
        const double in = gate(0), f = gate(1), g = gate(2), o = gate(3);
        const double c_tanh = std::tanh(scan.c(i + 1, j));
        const double d_cell = dc + dh * o * (1.0 - c_tanh * c_tanh);
        const double d_sums[] = {d_cell * g * in * (1.0 - in), d_cell * scan.c(i, j) * f * (1.0 - f),
                                 d_cell * in * (1.0 - g * g), dh * c_tanh * o * (1.0 - o)};
        for (Index q = 0; q < 4; ++q) add(q, d_sums[q], d_sums[q]);
        dc = d_cell * f;
        break;
      }
    }
  }
  d_h = d_h_before;
}

Array<double> NaiveRnn::backward(const Array<double>& d_output, NaiveState& d_state) {
  const Index size = config_.hidden_size;
  const Index steps = d_output.rows();
  Array<double> d_above = d_output;
  for (Index layer = config_.num_layers - 1; layer >= 0; --layer) {
    if (layer + 1 < config_.num_layers && !masks_.empty()) {
      const Array<double>& mask = masks_[static_cast<std::size_t>(layer)];
      for (Index i = 0; i < d_above.size(); ++i) d_above[i] *= mask[i];
    }
    Array<double> d_x;
    for (Index direction = 0; direction < config_.directions(); ++direction) {
      const Index k = layer * config_.directions() + direction;
      const Scan& scan = scans_[static_cast<std::size_t>(k)];
      if (d_x.size() == 0) d_x = Array<double>(steps, scan.x.cols());
      std::vector<double> d_h(d_state.h.row(k), d_state.h.row(k) + size);
      std::vector<double> d_c(d_state.c.row(k), d_state.c.row(k) + size);
      for (Index i = steps - 1; i >= 0; --i) {
        const Index t = scan.reverse ? steps - 1 - i : i;
        for (Index j = 0; j < size; ++j) d_h[static_cast<std::size_t>(j)] += d_above(t, direction * size + j);
        step_back(scan, i, d_h, d_c, d_x.row(t));
      }
      std::copy(d_h.begin(), d_h.end(), d_state.h.row(k));
      std::copy(d_c.begin(), d_c.end(), d_state.c.row(k));
    }
    d_above = d_x;
  }
  return d_above;
}

}  // namespace unroll::testing
