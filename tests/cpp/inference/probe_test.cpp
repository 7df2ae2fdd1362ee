#include "unroll/inference/probe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>

#include "support/array.h"
#include "support/random.h"
#include "support/state_dict.h"
#include "unroll/core/error.h"
#include "unroll/model/rnn.h"
#include "unroll/model/state_dict.h"

/// What the views show is what the network computes.
namespace unroll::testing::probe_test {
namespace {

constexpr Index kT = 6, kH = 5, kV = 7, kI = 4;

class Probes : public ::testing::TestWithParam<CellKind> {};

/// dL/dh_t by central differences: the rest of the sequence, read from a changed h_t and the same c_t.
TEST_P(Probes, GradientFlowIsThatOfFiniteDifferences) {
  Rnn<double> rnn({.network = {.cell = GetParam(), .hidden_size = kH, .seed = 8}, .input_size = kI});
  const bool has_c = rnn.has_cell_state();
  Random random(2);
  const Array<double> x = random.array<double>(kT, kI), w = random.array<double>(1, kH);
  Array<double> h0 = random.array<double>(1, kH), c0 = random.array<double>(1, kH);
  Array<double> output(kT, kH), h_n(1, kH), c_n(1, kH), d_x(kT, kI), d_h(1, kH), d_c(1, kH);
  const auto loss_from = [&](Index t, const Array<double>& h, const Array<double>& c) {
    rnn.forward(
        {.seq_len = kT - t, .batch_size = 1, .x = x.data() + t * kI, .h_0 = h.data(), .c_0 = c.data()},
        Dropout::kOff, nullptr, output.data(), h_n.data(), c_n.data());
    return std::inner_product(w.data(), w.data() + kH, h_n.data(), 0.0);
  };
  loss_from(0, h0, c0);
  const GradientFlow flow = rnn.gradient_flow(w.data(), d_x.data(), d_h.data(), d_c.data());
  ASSERT_EQ(flow.layers.size(), 1u);
  ASSERT_EQ(flow.layers[0].h.size(), static_cast<std::size_t>(kT + 1));
  ASSERT_EQ(flow.layers[0].c.size(), has_c ? static_cast<std::size_t>(kT + 1) : 0u);
  EXPECT_NEAR(flow.layers[0].h.back(), std::sqrt(std::inner_product(w.data(), w.data() + kH, w.data(), 0.0)),
              1e-12);

  Array<double> h = h0, c = c0;
  for (Index t = 0; t < kT; ++t) {
    constexpr double kEps = 1e-5;
    double square_h = 0, square_c = 0;
    for (Index j = 0; j < kH; ++j) {
      const auto slope = [&](Array<double>& state) {
        const double kept = state.data()[j];
        state.data()[j] = kept + kEps;
        const double up = loss_from(t, h, c);
        state.data()[j] = kept - kEps;
        const double down = loss_from(t, h, c);
        state.data()[j] = kept;
        return (up - down) / (2 * kEps);
      };
      square_h += std::pow(slope(h), 2);
      square_c += std::pow(slope(c), 2);
    }
    EXPECT_NEAR(flow.layers[0].h[static_cast<std::size_t>(t)], std::sqrt(square_h), 1e-7) << t;
    // With h_t held fixed that is all of the gradient by c_t only before the first step.
    if (has_c && t == 0) {
      EXPECT_NEAR(flow.layers[0].c[0], std::sqrt(square_c), 1e-7);
    }
    rnn.forward({.seq_len = 1, .batch_size = 1, .x = x.data() + t * kI, .h_0 = h.data(), .c_0 = c.data()},
                Dropout::kOff, nullptr, output.data(), h.data(), c.data());
    double square_x = 0;
    for (Index i = 0; i < kI; ++i) square_x += std::pow(d_x.data()[t * kI + i], 2);
    EXPECT_NEAR(flow.input[static_cast<std::size_t>(t)], std::sqrt(square_x), 1e-12);
  }
}

TEST_P(Probes, FlowWantsOneSequenceInOneDirection) {
  for (const bool both : {false, true}) {
    Rnn<double> rnn(
        {.network = {.cell = GetParam(), .hidden_size = kH, .bidirectional = both}, .input_size = kI});
    const Index batch = both ? 1 : 2;
    Array<double> x(kT * batch, kI), output(kT * batch, 2 * kH), h(4, kH), c(4, kH), d_x(x), d_h(h), d_c(c);
    EXPECT_THROW(rnn.gradient_flow(h.data(), d_x.data(), d_h.data(), d_c.data()), Error);
    rnn.forward({.seq_len = kT, .batch_size = batch, .x = x.data()}, Dropout::kOff, nullptr, output.data(),
                h.data(), c.data());
    EXPECT_THROW(rnn.gradient_flow(h.data(), d_x.data(), d_h.data(), d_c.data()), Error);
    rnn.backward(output.data(), nullptr, nullptr, d_x.data(), d_h.data(), d_c.data());
  }
}

ModelConfig model_config(CellKind cell, Index embedding_dim = 0) {
  return {.network = {.cell = cell, .hidden_size = kH, .num_layers = 2, .dropout = 0.5, .seed = 4},
          .vocab_size = kV,
          .embedding_dim = embedding_dim};
}

/// A model whose embedding is the identity reads the vectors that one-hot input stands for.
TEST_P(Probes, OneHotInputHasTheGradientOfItsVectors) {
  LanguageModel<float> one_hot(model_config(GetParam()));
  LanguageModel<float> dense(model_config(GetParam(), kV));
  std::vector<Tensor> weights = export_values(one_hot.parameters());
  Tensor identity{"embedding.weight", {kV, kV}, std::vector<float>(kV * kV)};
  for (std::size_t v = 0; v < kV; ++v) identity.data[v * kV + v] = 1.0f;
  weights.push_back(identity);
  import_values(weights, dense.parameters());
  const std::vector<TokenId> tokens = Random(1).tokens(kT, kV);
  const GuessProbe a = probe_guess(one_hot, tokens, 3);
  const GuessProbe b = probe_guess(dense, tokens, 3);
  EXPECT_NEAR(a.loss_nats, b.loss_nats, 1e-6);
  ASSERT_EQ(a.flow.input.size(), static_cast<std::size_t>(kT));
  for (std::size_t t = 0; t < kT; ++t) EXPECT_NEAR(a.flow.input[t] / b.flow.input[t], 1.0, 1e-5);
}

TEST_P(Probes, GuessIsTheLossOfTheLastStep) {
  LanguageModel<float> model(model_config(GetParam(), 3));
  const std::vector<TokenId> tokens = Random(1).tokens(kT, kV);
  const Probe seen = probe(model, tokens);
  const GuessProbe guess = probe_guess(model, tokens, 2);
  EXPECT_NEAR(guess.loss_nats, -std::log(seen.probabilities[(kT - 1) * kV + 2]), 1e-6);
  // The top layer's last state has the gradient transposed(head.weight) (p - onehot).
  std::vector<Tensor> weights = export_values(model.parameters());
  const std::vector<float>& head = weights[weights.size() - 2].data;
  double square = 0;
  for (std::size_t j = 0; j < kH; ++j) {
    double d = 0;
    for (std::size_t v = 0; v < kV; ++v) {
      d += static_cast<double>(head[v * kH + j]) *
           (seen.probabilities[(kT - 1) * kV + v] - (v == 2 ? 1.0 : 0.0));
    }
    square += d * d;
  }
  ASSERT_EQ(guess.flow.layers.size(), 2u);
  EXPECT_NEAR(guess.flow.layers[1].h.back(), std::sqrt(square), 1e-6);
  // The lower layer's last state is read by the upper one, so its gradient is not zero.
  EXPECT_GT(guess.flow.layers[0].h.back(), 0.0);
}

TEST_P(Probes, GuessHasTheGradientsOfThatLossAlone) {
  LanguageModel<float> model(model_config(GetParam(), 3));
  const std::vector<TokenId> tokens = Random(1).tokens(kT, kV);
  probe_guess(model, tokens, 2);
  const AlignedBuffer<float> gradients = model.parameters().gradients();
  const std::vector<TokenId> targets(kT, 2);
  std::vector<float> weights(kT, 0.0f);
  weights.back() = 1.0f;
  StackState<float> state;
  model.make_state(1, state);
  model.loss_and_gradients(tokens.data(), targets.data(), kT, 1, state, Dropout::kOff, nullptr,
                           {.weights = {.weights = weights}});
  for (Index i = 0; i < gradients.size(); ++i) EXPECT_EQ(gradients[i], model.parameters().gradients()[i]);
}

TEST_P(Probes, TheHeadReadsTheStatesOfTheLastLayer) {
  LanguageModel<float> model(model_config(GetParam()));
  const Probe seen = probe(model, Random(1).tokens(kT, kV));
  const std::vector<Tensor> weights = export_values(model.parameters());
  const std::vector<float>& head = weights[weights.size() - 2].data;
  const std::vector<float>& bias = weights.back().data;
  for (std::size_t t = 0; t < kT; ++t) {
    std::vector<double> logits(bias.begin(), bias.end());
    for (std::size_t v = 0; v < kV; ++v) {
      for (std::size_t j = 0; j < kH; ++j) {
        logits[v] +=
            static_cast<double>(head[v * kH + j]) * static_cast<double>(seen.layers[1].h[t * kH + j]);
      }
    }
    double sum = 0.0;
    for (const double logit : logits) sum += std::exp(logit);
    for (std::size_t v = 0; v < kV; ++v) {
      EXPECT_NEAR(seen.probabilities[t * kV + v], std::exp(logits[v]) / sum, 1e-6);
    }
  }
}

/// Gates and states satisfy the cell's equations, step by step.
TEST_P(Probes, StatesFollowFromGates) {
  LanguageModel<float> model(model_config(GetParam()));
  const Probe seen = probe(model, Random(1).tokens(kT, kV));
  ASSERT_EQ(seen.layers.size(), 2u);
  for (const Probe::Layer& layer : seen.layers) {
    ASSERT_EQ(layer.h.size(), static_cast<std::size_t>(kT * kH));
    for (Index t = 0; t < kT; ++t) {
      for (Index j = 0; j < kH; ++j) {
        const auto gate = [&](Index g, Index gates) {
          return static_cast<double>(layer.gates[static_cast<std::size_t>((t * gates + g) * kH + j)]);
        };
        const auto state = [&](const std::vector<float>& states, Index step) {
          return step < 0 ? 0.0 : static_cast<double>(states[static_cast<std::size_t>(step * kH + j)]);
        };
        if (GetParam() == CellKind::kLstm) {
          EXPECT_NEAR(state(layer.c, t), gate(1, 4) * state(layer.c, t - 1) + gate(0, 4) * gate(2, 4), 1e-6);
          EXPECT_NEAR(state(layer.h, t), gate(3, 4) * std::tanh(state(layer.c, t)), 1e-6);
        } else if (GetParam() == CellKind::kGru) {
          EXPECT_NEAR(state(layer.h, t), (1 - gate(1, 3)) * gate(2, 3) + gate(1, 3) * state(layer.h, t - 1),
                      1e-6);
        } else {
          EXPECT_TRUE(layer.gates.empty());
          EXPECT_TRUE(layer.c.empty());
        }
      }
    }
  }
  for (std::size_t t = 0; t < kT; ++t) {
    const auto row = seen.probabilities.begin() + static_cast<std::ptrdiff_t>(t * kV);
    EXPECT_NEAR(std::accumulate(row, row + kV, 0.0), 1.0, 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Probes, ::testing::ValuesIn(kAllCells),
                         [](const auto& info) { return std::string(cell<float>(info.param).name); });

}  // namespace
}  // namespace unroll::testing::probe_test
