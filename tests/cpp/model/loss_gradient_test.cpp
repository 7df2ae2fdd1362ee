#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <string>

#include "support/gradient_check.h"
#include "support/kinks.h"
#include "support/masks.h"
#include "support/random.h"
#include "unroll/core/number_text.h"
#include "unroll/nn/embedding.h"
#include "unroll/nn/linear.h"
#include "unroll/nn/mean_loss.h"
#include "unroll/nn/stack.h"

/// Every gradient of every loss against central differences, through readout and head and all of the stack:
/// the full product of cells, depths, inputs, directions, ragged batches and dropout with fixed masks. Looked
/// at are all parameters, real-valued inputs and the initial states.
///
///   build/native/unroll_tests --gtest_filter='*LossGradient*'
///
/// prints how many configurations there were and the worst error.
namespace unroll::testing::loss_gradient_test {
namespace {

constexpr Index kT = 4, kB = 2, kI = 5, kH = 3, kV = 7, kOut = 4;

enum class Input { kReal, kOneHot, kEmbedding };

/// What the head reads: the outputs of all steps, or the final states of the last layer.
enum class Reads { kSteps, kLast };
enum class Kind { kCrossEntropy, kSquaredError };

struct LossCase {
  const char* name;
  Reads reads;
  Kind kind;
  double label_smoothing = 0.0;
  bool ignores = false;  // some targets are the ignored index
  bool part = false;     // some positions have no weight, the others different ones
};

constexpr std::array kLosses = {
    LossCase{"cross-entropy of each step", Reads::kSteps, Kind::kCrossEntropy},
    LossCase{"the same with ignored targets", Reads::kSteps, Kind::kCrossEntropy, 0.0, true},
    LossCase{"the same with smoothed labels as well", Reads::kSteps, Kind::kCrossEntropy, 0.2, true},
    LossCase{"cross-entropy of a part of the positions", Reads::kSteps, Kind::kCrossEntropy, 0.1, false,
             true},
    LossCase{"cross-entropy of the last state", Reads::kLast, Kind::kCrossEntropy},
    LossCase{"the same with smoothed labels", Reads::kLast, Kind::kCrossEntropy, 0.3},
    LossCase{"squared error of each step", Reads::kSteps, Kind::kSquaredError},
    LossCase{"squared error of a part of the positions", Reads::kSteps, Kind::kSquaredError, 0.0, false,
             true},
    LossCase{"squared error of the last state", Reads::kLast, Kind::kSquaredError},
};
constexpr std::size_t kLossCount = kLosses.size();
using Losses = std::array<double, kLossCount>;

struct Case {
  CellKind cell;
  Index num_layers;
  Input input = Input::kReal;
  bool bidirectional = false;
  bool ragged = false;
  bool masked = false;
};

std::string describe(const Case& c) {
  const char* inputs[] = {"real input", "one-hot input", "embedded input"};
  return std::string(inputs[static_cast<std::size_t>(c.input)]) +
         (c.bidirectional ? ", both directions" : "") + (c.ragged ? ", ragged" : "") +
         (c.masked ? ", dropout" : "");
}

/// The product of everything but the cell and the depth, which are the test's parameters.
std::vector<Case> variants(CellKind cell, Index num_layers) {
  std::vector<Case> cases;
  for (Input input : {Input::kReal, Input::kOneHot, Input::kEmbedding}) {
    for (bool bidirectional : {false, true}) {
      for (bool ragged : {false, true}) {
        for (bool masked : {false, true}) {
          if (masked && num_layers == 1) continue;  // there is nothing between layers to drop
          cases.push_back({cell, num_layers, input, bidirectional, ragged, masked});
        }
      }
    }
  }
  return cases;
}

/// A network with input, initial states, masks and targets for each loss.
class Network {
 public:
  Network(const Case& c, std::uint64_t seed)
      : case_(c),
        embedding_(kV, kI, "embedding.", parameters_),  // without a gradient where the input is another
        stack_({.network = {.cell = c.cell,
                            .hidden_size = kH,
                            .num_layers = c.num_layers,
                            .bidirectional = c.bidirectional,
                            .dropout = c.masked ? 0.4 : 0.0},
                .input_size = c.input == Input::kOneHot ? kV : kI,
                .one_hot = c.input == Input::kOneHot,
                .prefix = "rnn."},
               parameters_),
        head_(stack_.output_size(), kOut, "head.", parameters_) {
    parameters_.allocate();
    Rng rng(seed, Rng::Purpose::kInitialisation);
    parameters_.initialise(rng);
    const Index lengths[] = {kT, 2};
    if (c.ragged)
      packing_.set_lengths(lengths);
    else
      packing_.set_full(kT, kB);
    Random random(seed);
    tokens_ = random.tokens(rows(), kV);
    random.fill_rows(x_, rows(), kI);
    stack_.make_state(kB, initial_);
    for (auto& buffer : initial_.h) random.fill_rows(buffer, kB, kH);
    for (auto& buffer : initial_.c) random.fill_rows(buffer, kB, kH);
    classes_ = random.tokens(rows(), kOut);
    values_ = random.array<double>(rows(), kOut);
    for (Index r = 0; r < rows(); ++r) weights_.push_back(static_cast<float>(random.uniform(0.25, 2.0)));
    if (c.masked) draw_masks(random, rows(), stack_);
  }

  double distance_to_kink() {
    forward();
    return testing::distance_to_kink(stack_, rows());
  }

  /// A check for each loss.
  std::array<GradientCheck, kLossCount> check() {
    std::vector<Gradients> analytic;
    for (const LossCase& loss : kLosses) analytic.push_back(gradients(loss));
    std::array<GradientCheck, kLossCount> checks;
    const auto compare = [&](double& at, auto&& gradient_of) {
      const Losses numeric = central_differences(at);
      for (std::size_t l = 0; l < kLossCount; ++l) checks[l].compare(gradient_of(analytic[l]), numeric[l]);
    };
    for (Index id = 0; id < parameters_.count(); ++id) {
      const Layout& layout = parameters_.spec(id).layout;
      const Index cols = std::max<Index>(layout.cols, 1);
      for (Index i = 0; i < layout.size(); ++i) {
        double& at = parameters_.value(id)[layout.place(i / cols, i % cols)];
        const Index place = &at - parameters_.values().data();
        compare(at, [&](const Gradients& g) { return g.parameters[place]; });
      }
    }
    const auto compare_rows = [&](AlignedBuffer<double>& values, Index count, Index features,
                                  auto&& buffer_of) {
      for (Index r = 0; r < count; ++r) {
        for (Index j = 0; j < features; ++j) {
          const Index place = r * padded(features) + j;
          compare(values[place], [&](const Gradients& g) { return buffer_of(g)[place]; });
        }
      }
    };
    if (case_.input == Input::kReal) {
      compare_rows(
          x_, rows(), kI, [](const Gradients& g) -> auto& { return g.x; });
    }
    for (std::size_t k = 0; k < initial_.h.size(); ++k) {
      compare_rows(
          initial_.h[k], kB, kH, [k](const Gradients& g) -> auto& { return g.initial.h[k]; });
    }
    for (std::size_t k = 0; k < initial_.c.size(); ++k) {
      compare_rows(
          initial_.c[k], kB, kH, [k](const Gradients& g) -> auto& { return g.initial.c[k]; });
    }
    return checks;
  }

 private:
  struct Gradients {
    AlignedBuffer<double> parameters;
    AlignedBuffer<double> x;
    StackState<double> initial;
  };

  Index rows() const { return packing_.rows(); }
  Index stride() const { return stack_.output_stride(); }
  Index directions() const { return stack_.config().directions(); }

  LayerInput<double> input() {
    if (case_.input == Input::kOneHot) return {.tokens = tokens_.data()};
    if (case_.input == Input::kEmbedding) embedding_.forward(parameters_, rows(), tokens_.data(), x_.data());
    return {.rows = x_.data(), .stride = padded(kI)};
  }

  void forward() {
    parameters_.changed();
    stack_.forward(parameters_, input(), packing_, &initial_, case_.masked ? Dropout::kKeep : Dropout::kOff,
                   nullptr);
    features_.resize(kB * stride());
    features_.fill_zero();
    for (Index d = 0; d < directions(); ++d) {
      const double* h = stack_.layer(case_.num_layers - 1, d).final_h();
      for (Index b = 0; b < kB; ++b)
        std::copy_n(h + b * padded(kH), kH, features_.data() + b * stride() + d * kH);
    }
  }

  /// After forward(): the loss, and in logits_ its gradient.
  double loss(const LossCase& loss) {
    const Index count = loss.reads == Reads::kLast ? kB : rows();
    logits_.resize(count * head_.output_stride());
    head_.forward(parameters_, count, loss.reads == Reads::kLast ? features_.data() : stack_.output(),
                  stride(), logits_.data());
    std::vector<float> weights;
    if (loss.part) {
      weights = weights_;
      weights[1] = weights[4] = 0.0f;
    }
    if (loss.kind == Kind::kSquaredError) {
      return mean_squared_error(count, kOut, logits_.data(), values_.data(), {.weights = weights});
    }
    std::vector<TokenId> classes = classes_;
    if (loss.ignores) classes[0] = classes[3] = -100;
    return mean_cross_entropy(count, kOut, logits_.data(), classes.data(),
                              {.label_smoothing = loss.label_smoothing, .weights = {.weights = weights}});
  }

  Gradients gradients(const LossCase& which) {
    forward();
    loss(which);
    parameters_.zero_gradients();
    AlignedBuffer<double> d_output(rows() * stride());
    AlignedBuffer<double> d_features(kB * stride());
    d_output.fill_zero();
    Gradients result;
    stack_.make_state(kB, result.initial);
    const bool last = which.reads == Reads::kLast;
    head_.backward(parameters_, last ? kB : rows(), last ? features_.data() : stack_.output(), stride(),
                   logits_.data(), last ? d_features.data() : d_output.data());
    for (Index d = 0; last && d < directions(); ++d) {
      auto& d_h = result.initial.h[static_cast<std::size_t>((case_.num_layers - 1) * directions() + d)];
      for (Index b = 0; b < kB; ++b) {
        std::copy_n(d_features.data() + b * stride() + d * kH, kH, d_h.data() + b * padded(kH));
      }
    }
    result.x.resize(rows() * padded(kI));
    stack_.backward(parameters_, input(), packing_, d_output.data(), result.initial,
                    case_.input == Input::kOneHot ? nullptr : result.x.data());
    if (case_.input == Input::kEmbedding) {
      embedding_.backward(parameters_, rows(), tokens_.data(), result.x.data());
    }
    result.parameters = parameters_.gradients();
    return result;
  }

  /// One pass of the stack serves all losses.
  Losses losses() {
    forward();
    Losses result;
    for (std::size_t l = 0; l < kLossCount; ++l) result[l] = loss(kLosses[l]);
    return result;
  }

  Losses central_differences(double& at) {
    // Errors of some eps^2 / 6 = 7e-11 times the third derivative and of 1e-15 / eps = 5e-11.
    constexpr double kEps = 2e-5;
    const double kept = at;
    at = kept + kEps;
    const Losses above = losses();
    at = kept - kEps;
    const Losses below = losses();
    at = kept;
    Losses result;
    for (std::size_t l = 0; l < kLossCount; ++l) result[l] = (above[l] - below[l]) / (2.0 * kEps);
    return result;
  }

  Case case_;
  Parameters<double> parameters_;
  Embedding<double> embedding_;
  Stack<double> stack_;
  Linear<double> head_;
  Packing packing_;
  std::vector<TokenId> tokens_;
  AlignedBuffer<double> x_;
  StackState<double> initial_;
  std::vector<TokenId> classes_;
  Array<double> values_;
  std::vector<float> weights_;
  AlignedBuffer<double> features_, logits_;
};

std::uint64_t smooth_seed_of(const Case& c) {
  return smooth_seed([&](std::uint64_t seed) { return Network(c, seed).distance_to_kink(); });
}

class LossGradient : public ::testing::TestWithParam<std::tuple<CellKind, Index>> {
 public:
  static void SetUpTestSuite() { total_ = {}, configurations_ = 0; }
  static void TearDownTestSuite() {
    std::cout << "gradient checks: " << configurations_ << " configurations, " << total_.compared
              << " gradients, worst error " << number_text(total_.worst) << " of "
              << number_text(kGradientTolerance) << std::endl;
  }

 protected:
  static inline GradientCheck total_;
  static inline std::size_t configurations_ = 0;
};

TEST_P(LossGradient, AgreesWithCentralDifferences) {
  const auto [cell, num_layers] = GetParam();
  GradientCheck all;
  for (const Case& c : variants(cell, num_layers)) {
    const std::array<GradientCheck, kLossCount> checks = Network(c, smooth_seed_of(c)).check();
    for (std::size_t l = 0; l < kLossCount; ++l) {
      EXPECT_LE(checks[l].worst, kGradientTolerance) << kLosses[l].name << ": " << describe(c);
      all.join(checks[l]);
      ++configurations_;
    }
  }
  RecordProperty("worst_error", number_text(all.worst));
  RecordProperty("gradients", std::to_string(all.compared));
  total_.join(all);
}

INSTANTIATE_TEST_SUITE_P(All, LossGradient,
                         ::testing::Combine(::testing::ValuesIn(kAllCells), ::testing::Values(1, 2, 3)),
                         [](const auto& info) {
                           return std::string(cell<double>(std::get<0>(info.param)).name) + "_" +
                                  std::to_string(std::get<1>(info.param));
                         });

TEST(LossGradientCases, AreMoreThanThreeHundred) {
  std::size_t count = 0;
  for (CellKind cell : kAllCells) {
    for (Index num_layers : {1, 2, 3}) count += variants(cell, num_layers).size() * kLossCount;
  }
  EXPECT_GE(count, 300u);
}

}  // namespace
}  // namespace unroll::testing::loss_gradient_test
