#include "unroll/model/language_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/distance.h"
#include "support/naive_rnn.h"
#include "support/random.h"
#include "support/state_dict.h"

/// The whole model against a naive twin: embedding, stack, head and loss from their equations.
namespace unroll::testing::language_model_test {
namespace {

constexpr Index kT = 9, kB = 3, kV = 13, kE = 6, kH = 10;

struct Case {
  CellKind cell;
  Index embedding_dim;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (CellKind cell : kAllCells) {
    for (Index embedding_dim : {Index{0}, kE}) cases.push_back({cell, embedding_dim});
  }
  return cases;
}

/// Loss and gradients of a window from a zero state, by the names of the model's parameters.
struct Answer {
  double loss = 0.0;
  NaiveWeights gradients;
};

class Twin {
 public:
  explicit Twin(const LanguageModel<double>& model)
      : one_hot_(model.config().embedding_dim == 0),
        config_{.cell = model.config().network.cell,
                .input_size = one_hot_ ? kV : kE,
                .hidden_size = kH,
                .num_layers = model.config().network.num_layers},
        rnn_(config_) {
    for (Index id = 0; id < model.parameters().count(); ++id) {
      const std::string& name = model.parameters().spec(id).name;
      weights_[name] = value_of(model.parameters(), id);
      answer_.gradients[name] = Array<double>(weights_[name].rows(), weights_[name].cols());
      if (name.starts_with("rnn.")) rnn_.weights.at(name.substr(4)) = weights_[name];
    }
  }

  Answer answer(const std::vector<TokenId>& ids, const std::vector<TokenId>& targets) {
    for (Index b = 0; b < kB; ++b) read(b, ids, targets);
    for (const auto& [name, gradient] : rnn_.gradients) answer_.gradients.at("rnn." + name) = gradient;
    return answer_;
  }

 private:
  void read(Index b, const std::vector<TokenId>& ids, const std::vector<TokenId>& targets) {
    const auto at = [&](const std::vector<TokenId>& tokens, Index t) {
      return tokens[static_cast<std::size_t>(t * kB + b)];
    };
    Array<double> x(kT, config_.input_size), d_output(kT, kH);
    for (Index t = 0; t < kT; ++t) {
      for (Index k = 0; k < config_.input_size; ++k) {
        x(t, k) = one_hot_ ? (k == at(ids, t) ? 1.0 : 0.0) : weights_.at("embedding.weight")(at(ids, t), k);
      }
    }
    const Array<double> output = rnn_.forward(x, NaiveState(config_));
    for (Index t = 0; t < kT; ++t) head(output.row(t), at(targets, t), d_output.row(t));
    NaiveState d_state(config_);
    const Array<double> d_x = rnn_.backward(d_output, d_state);
    for (Index t = 0; !one_hot_ && t < kT; ++t) {
      for (Index k = 0; k < kE; ++k) answer_.gradients.at("embedding.weight")(at(ids, t), k) += d_x(t, k);
    }
  }

  /// Linear and cross-entropy at one position.
  void head(const double* h, TokenId target, double* d_h) {
    const Array<double>& weight = weights_.at("head.weight");
    const Array<double>& bias = weights_.at("head.bias");
    double logits[kV], sum = 0.0;
    for (Index v = 0; v < kV; ++v) {
      logits[v] = bias[v];
      for (Index j = 0; j < kH; ++j) logits[v] += weight(v, j) * h[j];
      sum += std::exp(logits[v]);
    }
    answer_.loss += (std::log(sum) - logits[target]) / (kT * kB);
    for (Index v = 0; v < kV; ++v) {
      const double d = (std::exp(logits[v]) / sum - (v == target ? 1.0 : 0.0)) / (kT * kB);
      answer_.gradients.at("head.bias")[v] += d;
      for (Index j = 0; j < kH; ++j) {
        answer_.gradients.at("head.weight")(v, j) += d * h[j];
        d_h[j] += d * weight(v, j);
      }
    }
  }

  bool one_hot_;
  NaiveConfig config_;
  NaiveRnn rnn_;
  NaiveWeights weights_;
  Answer answer_;
};

class LanguageModelTwin : public ::testing::TestWithParam<Case> {
 protected:
  template <class S>
  void compare(double tolerance) {
    const ModelConfig config{.network = {.cell = GetParam().cell, .hidden_size = kH, .num_layers = 2},
                             .vocab_size = kV,
                             .embedding_dim = GetParam().embedding_dim};
    Random random(1);
    const std::vector<TokenId> ids = random.tokens(kT * kB, kV), targets = random.tokens(kT * kB, kV);
    const LanguageModel<double> reference(config);
    const Answer expected = Twin(reference).answer(ids, targets);
    LanguageModel<S> model(config);
    StackState<S> state;
    model.make_state(kB, state);
    const double loss = model.loss_and_gradients(ids.data(), targets.data(), kT, kB, state);
    EXPECT_NEAR(loss / expected.loss, 1.0, tolerance);
    Distances distances(tolerance);
    for (Index id = 0; id < model.parameters().count(); ++id) {
      const std::string& name = model.parameters().spec(id).name;
      distances.expect(name, gradient_of(model.parameters(), id), expected.gradients.at(name));
    }
    RecordProperty("worst_error", std::to_string(distances.worst() / tolerance) + " of the tolerance");
  }
};

TEST_P(LanguageModelTwin, InDouble) {
  compare<double>(1e-13);
}

TEST_P(LanguageModelTwin, InFloat) {
  compare<float>(5e-6);
}

INSTANTIATE_TEST_SUITE_P(All, LanguageModelTwin, ::testing::ValuesIn(all_cases()), [](const auto& info) {
  return std::string(cell<float>(info.param.cell).name) +
         (info.param.embedding_dim > 0 ? "_embedding" : "_one_hot");
});

TEST(LanguageModel, RaisesTheForgetBiasAndNothingElse) {
  const ModelConfig plain{.network = {.cell = CellKind::kLstm, .hidden_size = 3, .num_layers = 2},
                          .vocab_size = 5};
  ModelConfig raised = plain;
  raised.network.forget_bias = 1.5;
  const LanguageModel<float> before(plain), after(raised);
  for (Index id = 0; id < before.parameters().count(); ++id) {
    const std::string& name = before.parameters().spec(id).name;
    const Array<double> a = value_of(before.parameters(), id), b = value_of(after.parameters(), id);
    for (Index i = 0; i < a.size(); ++i) {
      const bool forget = name.find("bias_ih") != std::string::npos && i >= 3 && i < 6;
      EXPECT_NEAR(b[i] - a[i], forget ? 1.5 : 0.0, 1e-6) << name << ", " << i;
    }
  }
}

TEST(LanguageModel, ForgetBiasIsForLstmsOnly) {
  ModelConfig config{.network = {.cell = CellKind::kGru, .hidden_size = 3}, .vocab_size = 5};
  const LanguageModel<float> before(config);
  config.network.forget_bias = 1.5;
  const LanguageModel<float> after(config);
  for (Index i = 0; i < before.parameters().values().size(); ++i) {
    EXPECT_EQ(before.parameters().values()[i], after.parameters().values()[i]);
  }
}

/// Of what it computes, not only of its weights: what a model derives from them is not taken over.
TEST(LanguageModel, ACopyComputesTheSameUntilEitherIsTrained) {
  constexpr Index kSteps = 6;
  for (Index embedding_dim : {0, 4}) {
    LanguageModel<float> model(
        {.network = {.cell = CellKind::kGru, .hidden_size = 9, .num_layers = 2, .seed = 8},
         .vocab_size = kV,
         .embedding_dim = embedding_dim});
    const std::vector<TokenId> ids = Random(1).tokens(kSteps + 1, kV);
    const auto loss = [&](LanguageModel<float>& of) {
      StackState<float> state;
      of.make_state(1, state);
      return of.evaluate(ids.data(), ids.data() + 1, kSteps, 1, state);
    };
    const auto stretch = [](LanguageModel<float>& of) {
      AlignedBuffer<float>& values = of.parameters().values();
      for (Index i = 0; i < values.size(); ++i) values[i] *= 1.5f;
      of.parameters().changed();
    };
    loss(model);
    stretch(model);
    LanguageModel<float> copy(model);
    EXPECT_EQ(loss(copy), loss(model));
    const double before = loss(copy);
    stretch(model);
    EXPECT_EQ(loss(copy), before);
    EXPECT_NE(loss(model), before);
  }
}

/// An untrained model knows nothing: its loss is close to that of a uniform guess.
TEST(LanguageModel, StartsNearTheUniformLoss) {
  for (CellKind cell : kAllCells) {
    LanguageModel<float> model({.network = {.cell = cell, .hidden_size = 64}, .vocab_size = 65});
    const std::vector<TokenId> ids = Random(1).tokens(200, 65);
    StackState<float> state;
    model.make_state(4, state);
    EXPECT_NEAR(model.loss_and_gradients(ids.data(), ids.data(), 50, 4, state), std::log(65.0), 0.1);
  }
}

}  // namespace
}  // namespace unroll::testing::language_model_test
