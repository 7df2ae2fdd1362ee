#include <gtest/gtest.h>

#include <string>

#include "support/gradient_check.h"
#include "support/kinks.h"
#include "support/masks.h"
#include "support/random.h"
#include "unroll/core/number_text.h"
#include "unroll/nn/embedding.h"

/// Every gradient of a stack against central differences, for the whole product of its options: parameters,
/// real inputs or embedded tokens, and initial states. The loss is a fixed random weighting of the outputs
/// and of the final states, divided by how many numbers the output has: a mean, like the losses that are
/// trained with.
namespace unroll::testing::stack_gradient_test {
namespace {

constexpr Index kT = 4, kB = 2, kI = 5, kH = 3, kV = 7;

enum class Input { kReal, kOneHot, kEmbedding };

struct Case {
  CellKind cell;
  Index num_layers;
  Input input;
  bool bidirectional = false;
  bool ragged = false;
  bool masked = false;
  bool bias = true;
};

std::string name_of(const Case& c) {
  const char* inputs[] = {"real", "one_hot", "embedding"};
  return std::string(cell<double>(c.cell).name) + "_" + std::to_string(c.num_layers) + "_" +
         inputs[static_cast<std::size_t>(c.input)];
}

/// Everything but the cell, the depth and the input, which are the test's parameters.
std::vector<Case> variants(const Case& base) {
  std::vector<Case> cases;
  for (int bits = 0; bits < 16; ++bits) {
    Case c = base;
    c.bidirectional = (bits & 1) != 0;
    c.ragged = (bits & 2) != 0;
    c.masked = (bits & 4) != 0;
    c.bias = (bits & 8) != 0;
    if (c.masked && c.num_layers == 1) continue;  // there is nothing between layers to drop
    cases.push_back(c);
  }
  return cases;
}

std::vector<Case> bases() {
  std::vector<Case> cases;
  for (CellKind cell : kAllCells) {
    for (Index num_layers : {1, 2, 3}) {
      for (Input input : {Input::kReal, Input::kOneHot, Input::kEmbedding}) {
        cases.push_back({cell, num_layers, input});
      }
    }
  }
  return cases;
}

/// A stack with inputs, initial states, dropout masks and the weights of the loss.
class Setting {
 public:
  Setting(const Case& c, std::uint64_t seed)
      : case_(c),
        stack_({.network = {.cell = c.cell,
                            .hidden_size = kH,
                            .num_layers = c.num_layers,
                            .bidirectional = c.bidirectional,
                            .bias = c.bias,
                            .dropout = c.masked ? 0.4 : 0.0},
                .input_size = c.input == Input::kOneHot ? kV : kI,
                .one_hot = c.input == Input::kOneHot,
                .prefix = "rnn."},
               parameters_),
        embedding_(kV, kI, "embedding.", parameters_) {
    parameters_.allocate();
    Rng rng(seed, Rng::Purpose::kInitialisation);
    parameters_.initialise(rng);
    if (c.ragged) {
      const Index lengths[] = {kT, 2};
      packing_.set_lengths(lengths);
    } else {
      packing_.set_full(kT, kB);
    }
    Random random(seed);
    tokens_ = random.tokens(rows(), kV);
    random.fill_rows(x_, rows(), kI);
    random.fill_rows(output_weights_, rows(), stack_.output_size());
    fill_state(random, initial_);
    fill_state(random, state_weights_);
    const double numbers = static_cast<double>(rows() * stack_.output_size());
    scale(1.0 / numbers, output_weights_);
    scale(1.0 / numbers, state_weights_);
    if (c.masked) draw_masks(random, rows(), stack_);
  }

  double loss() {
    stack_.forward(parameters_, input(), packing_, &initial_, dropout(), nullptr);
    double sum = 0.0;
    for (Index i = 0; i < output_weights_.size(); ++i) sum += output_weights_[i] * stack_.output()[i];
    stack_.make_state(kB, final_);
    stack_.copy_final_state(final_);
    sum += dot(final_.h, state_weights_.h) + dot(final_.c, state_weights_.c);
    return sum;
  }

  GradientCheck check() {
    loss();
    AlignedBuffer<double> d_output = output_weights_;
    StackState<double> d_state = state_weights_;
    AlignedBuffer<double> d_x(rows() * padded(kI));
    parameters_.zero_gradients();
    stack_.backward(parameters_, input(), packing_, d_output.data(), d_state,
                    case_.input == Input::kOneHot ? nullptr : d_x.data());
    if (case_.input == Input::kEmbedding)
      embedding_.backward(parameters_, rows(), tokens_.data(), d_x.data());

    GradientCheck check;
    const auto loss = [&] { return this->loss(); };
    check_parameters(parameters_, check, loss);
    if (case_.input == Input::kReal) check_rows(x_, d_x, rows(), kI, check, loss);
    for (std::size_t k = 0; k < initial_.h.size(); ++k)
      check_rows(initial_.h[k], d_state.h[k], kB, kH, check, loss);
    for (std::size_t k = 0; k < initial_.c.size(); ++k)
      check_rows(initial_.c[k], d_state.c[k], kB, kH, check, loss);
    return check;
  }

  double distance_to_kink() {
    loss();
    return testing::distance_to_kink(stack_, rows());
  }

 private:
  static double dot(const std::vector<AlignedBuffer<double>>& a,
                    const std::vector<AlignedBuffer<double>>& b) {
    double sum = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) {
      for (Index i = 0; i < a[k].size(); ++i) sum += a[k][i] * b[k][i];
    }
    return sum;
  }

  void fill_state(Random& random, StackState<double>& state) {
    stack_.make_state(kB, state);
    for (auto& buffer : state.h) random.fill_rows(buffer, kB, kH);
    for (auto& buffer : state.c) random.fill_rows(buffer, kB, kH);
  }

  static void scale(double factor, AlignedBuffer<double>& buffer) {
    for (Index i = 0; i < buffer.size(); ++i) buffer[i] *= factor;
  }
  static void scale(double factor, StackState<double>& state) {
    for (auto& buffer : state.h) scale(factor, buffer);
    for (auto& buffer : state.c) scale(factor, buffer);
  }

  LayerInput<double> input() {
    if (case_.input == Input::kOneHot) return {.tokens = tokens_.data()};
    if (case_.input == Input::kEmbedding) embedding_.forward(parameters_, rows(), tokens_.data(), x_.data());
    return {.rows = x_.data(), .stride = padded(kI)};
  }

  Dropout dropout() const { return case_.masked ? Dropout::kKeep : Dropout::kOff; }
  Index rows() const { return packing_.rows(); }

  Case case_;
  Parameters<double> parameters_;
  Stack<double> stack_;
  Embedding<double> embedding_;  // its weights stay without a gradient where the input is another
  Packing packing_;
  std::vector<TokenId> tokens_;
  AlignedBuffer<double> x_;
  AlignedBuffer<double> output_weights_;
  StackState<double> initial_, state_weights_, final_;
};

std::uint64_t smooth_seed_of(const Case& c) {
  return smooth_seed([&](std::uint64_t seed) { return Setting(c, seed).distance_to_kink(); });
}

class StackGradient : public ::testing::TestWithParam<Case> {};

TEST_P(StackGradient, AgreesWithCentralDifferences) {
  GradientCheck all;
  for (const Case& c : variants(GetParam())) {
    const GradientCheck check = Setting(c, smooth_seed_of(c)).check();
    EXPECT_LE(check.worst, kGradientTolerance) << "bidirectional " << c.bidirectional << ", ragged "
                                               << c.ragged << ", masked " << c.masked << ", bias " << c.bias;
    all.join(check);
  }
  RecordProperty("worst_error", number_text(all.worst));
  RecordProperty("gradients", std::to_string(all.compared));
}

INSTANTIATE_TEST_SUITE_P(All, StackGradient, ::testing::ValuesIn(bases()),
                         [](const auto& info) { return name_of(info.param); });

TEST(StackGradientCases, AreMoreThanThreeHundred) {
  std::size_t count = 0;
  for (const Case& base : bases()) count += variants(base).size();
  EXPECT_GE(count, 300u);
}

}  // namespace
}  // namespace unroll::testing::stack_gradient_test
