#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <type_traits>

#include "support/distance.h"
#include "support/naive_rnn.h"
#include "support/rnn_pass.h"
#include "unroll/core/number_text.h"

/// The engine's recurrent networks against a naive twin, forward and backward, for the product of their
/// options, in double and in float.
namespace unroll::testing::rnn_twin_test {
namespace {

constexpr Index kT = 6, kB = 4;
constexpr double kDropout = 0.3;

enum class Lengths { kFull, kSorted, kUnsorted };

struct Case {
  CellKind cell;
  Index num_layers;
  bool bidirectional = false;
  bool bias = true;
  bool masked = false;
  Lengths lengths = Lengths::kFull;
  Index input_size = 5;
  Index hidden_size = 3;
};

std::string name_of(const Case& c) {
  return std::string(cell<double>(c.cell).name) + "_" + std::to_string(c.num_layers) +
         (c.bidirectional ? "_bidirectional" : "");
}

std::vector<Case> bases() {
  std::vector<Case> cases;
  for (CellKind cell : kAllCells) {
    for (Index num_layers : {1, 2, 3}) {
      for (bool bidirectional : {false, true}) cases.push_back({cell, num_layers, bidirectional});
    }
  }
  return cases;
}

std::vector<Case> variants(const Case& base) {
  std::vector<Case> cases;
  const Index sizes[][2] = {{5, 3}, {8, 16}, {1, 1}, {9, 13}};
  for (Lengths lengths : {Lengths::kFull, Lengths::kSorted, Lengths::kUnsorted}) {
    for (bool bias : {true, false}) {
      for (bool masked : {false, true}) {
        for (const auto& [input_size, hidden_size] : sizes) {
          if (masked && base.num_layers == 1) continue;
          cases.push_back({base.cell, base.num_layers, base.bidirectional, bias, masked, lengths, input_size,
                           hidden_size});
        }
      }
    }
  }
  return cases;
}

std::vector<Index> lengths_of(Lengths kind) {
  if (kind == Lengths::kFull) return {};
  if (kind == Lengths::kSorted) return {6, 5, 5, 1};
  return {2, 6, 1, 4};
}

template <class S>
Array<S> converted(const Array<double>& from) {
  Array<S> to(from.rows(), from.cols());
  for (Index i = 0; i < from.size(); ++i) to[i] = static_cast<S>(from[i]);
  return to;
}

/// What goes in: the same numbers for the engine and the twin.
class Question {
 public:
  explicit Question(const Case& c)
      : config_{.network = {.cell = c.cell,
                            .hidden_size = c.hidden_size,
                            .num_layers = c.num_layers,
                            .bidirectional = c.bidirectional,
                            .bias = c.bias,
                            .dropout = c.masked ? kDropout : 0.0},
                .input_size = c.input_size},
        twin_config_{.cell = c.cell,
                     .input_size = c.input_size,
                     .hidden_size = c.hidden_size,
                     .num_layers = c.num_layers,
                     .bidirectional = c.bidirectional,
                     .bias = c.bias},
        input_(RnnInput<double>::random(7, config_, kT, kB)) {
    input_.lengths = lengths_of(c.lengths);
    Random random(8);
    const double bound = 1.0 / std::sqrt(static_cast<double>(c.hidden_size));
    weights_ = naive_zeros(twin_config_);
    for (auto& [name, weight] : weights_) {
      weight = random.array<double>(weight.rows(), weight.cols(), -bound, bound);
    }
    for (Index layer = 0; c.masked && layer + 1 < c.num_layers; ++layer) {
      masks_.push_back(random.array<double>(kT * kB, input_.g_output.cols()));
      for (double& m : masks_.back()) m = m > -0.4 ? 1.0 : 0.0;
    }
  }

  template <class S>
  RnnPass<S> ask_engine() const {
    Rnn<S> rnn(config_);
    EXPECT_EQ(rnn.parameters().count(), static_cast<Index>(weights_.size()));
    for (Index id = 0; id < rnn.parameters().count(); ++id) {
      set_value(rnn.parameters(), id, weights_.at(rnn.parameters().spec(id).name));
    }
    std::vector<Array<S>> masks;
    std::vector<const S*> mask_pointers;
    for (const Array<double>& mask : masks_) masks.push_back(converted<S>(mask));
    for (const Array<S>& mask : masks) mask_pointers.push_back(mask.data());
    rnn.set_masks(kT, kB, mask_pointers);
    const RnnInput<S> input{kT,
                            kB,
                            converted<S>(input_.x),
                            converted<S>(input_.h_0),
                            converted<S>(input_.c_0),
                            converted<S>(input_.g_output),
                            converted<S>(input_.g_h_n),
                            converted<S>(input_.g_c_n),
                            input_.lengths};
    return run(rnn, input, masks_.empty() ? Dropout::kOff : Dropout::kKeep);
  }

  /// One sequence after the other.
  RnnPass<double> ask_twin() const {
    NaiveRnn twin(twin_config_);
    twin.weights = weights_;
    const auto like = [](const Array<double>& array) { return Array<double>(array.rows(), array.cols()); };
    RnnPass<double> pass{like(input_.g_output),
                         like(input_.h_0),
                         like(input_.c_0),
                         like(input_.x),
                         like(input_.h_0),
                         like(input_.c_0),
                         {}};
    for (Index b = 0; b < kB; ++b) {
      const Index steps = input_.lengths.empty() ? kT : input_.lengths[static_cast<std::size_t>(b)];
      std::vector<Array<double>> masks;
      for (const Array<double>& mask : masks_) {
        masks.push_back(sequence(mask, b, steps));
        for (double& m : masks.back()) m /= 1.0 - kDropout;
      }
      NaiveState initial(twin_config_), d_state(twin_config_);
      take_state(input_.h_0, b, initial.h);
      take_state(input_.g_h_n, b, d_state.h);
      take_state(input_.c_0, b, initial.c);
      take_state(input_.g_c_n, b, d_state.c);
      put_sequence(twin.forward(sequence(input_.x, b, steps), initial, masks), b, pass.output);
      put_state(twin.final_state().h, b, pass.h_n);
      put_state(twin.final_state().c, b, pass.c_n);
      put_sequence(twin.backward(sequence(input_.g_output, b, steps), d_state), b, pass.d_x);
      put_state(d_state.h, b, pass.d_h_0);
      put_state(d_state.c, b, pass.d_c_0);
    }
    pass.gradients = twin.gradients;
    return pass;
  }

 private:
  /// Steps 0 .. steps-1 of sequence b of a (T * B, n) array, and back.
  static Array<double> sequence(const Array<double>& all, Index b, Index steps) {
    Array<double> result(steps, all.cols());
    for (Index t = 0; t < steps; ++t) std::copy_n(all.row(t * kB + b), all.cols(), result.row(t));
    return result;
  }
  static void put_sequence(const Array<double>& sequence, Index b, Array<double>& all) {
    for (Index t = 0; t < sequence.rows(); ++t) {
      std::copy_n(sequence.row(t), all.cols(), all.row(t * kB + b));
    }
  }
  /// The states of sequence b of an (L * D * B, H) array, and back.
  static void take_state(const Array<double>& all, Index b, Array<double>& own) {
    for (Index k = 0; k < own.rows(); ++k) std::copy_n(all.row(k * kB + b), own.cols(), own.row(k));
  }
  static void put_state(const Array<double>& own, Index b, Array<double>& all) {
    for (Index k = 0; k < own.rows(); ++k) std::copy_n(own.row(k), own.cols(), all.row(k * kB + b));
  }

  RnnConfig config_;
  NaiveConfig twin_config_;
  RnnInput<double> input_;
  NaiveWeights weights_;
  std::vector<Array<double>> masks_;
};

template <class S>
void expect_same(const RnnPass<S>& got, const RnnPass<double>& expected, bool has_cell_state,
                 Distances& distances) {
  distances.expect("output", got.output, expected.output);
  distances.expect("h_n", got.h_n, expected.h_n);
  distances.expect("d_x", got.d_x, expected.d_x);
  distances.expect("d_h_0", got.d_h_0, expected.d_h_0);
  if (has_cell_state) {
    distances.expect("c_n", got.c_n, expected.c_n);
    distances.expect("d_c_0", got.d_c_0, expected.d_c_0);
  }
  for (const auto& [name, gradient] : expected.gradients) {
    distances.expect("gradient of " + name, got.gradients.at(name), gradient);
  }
}

class RnnTwin : public ::testing::TestWithParam<Case> {
 protected:
  template <class S>
  void compare(double tolerance) {
    Distances distances(tolerance);
    for (const Case& c : variants(GetParam())) {
      // In float a gradient of a few numbers may cancel until little but rounding is left.
      if (std::is_same_v<S, float> && c.hidden_size < 8) continue;
      SCOPED_TRACE("bias " + std::to_string(c.bias) + ", masked " + std::to_string(c.masked) + ", lengths " +
                   std::to_string(static_cast<int>(c.lengths)) + ", hidden_size " +
                   std::to_string(c.hidden_size));
      const Question question(c);
      expect_same(question.ask_engine<S>(), question.ask_twin(), c.cell == CellKind::kLstm, distances);
    }
    RecordProperty("worst_error", number_text(distances.worst()));
  }
};

// The same operations in another order: some ten roundings of 1e-16 each.
TEST_P(RnnTwin, InDouble) {
  compare<double>(1e-13);
}

// Each tanh is off by up to 3e-7, and errors pass through up to three layers and six steps.
TEST_P(RnnTwin, InFloat) {
  compare<float>(5e-6);
}

INSTANTIATE_TEST_SUITE_P(All, RnnTwin, ::testing::ValuesIn(bases()),
                         [](const auto& info) { return name_of(info.param); });

}  // namespace
}  // namespace unroll::testing::rnn_twin_test
