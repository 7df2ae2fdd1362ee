#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "support/expect_error.h"
#include "support/random.h"
#include "unroll/inference/beam_search.h"
#include "unroll/inference/evaluation.h"
#include "unroll/inference/many_texts.h"
#include "unroll/inference/probe.h"
#include "unroll/model/sequence_model.h"
#include "unroll/training/network_update.h"

/// Weights that are finite, but too large to compute with: whoever meets their logits says so.
namespace unroll::testing::overflow_test {
namespace {

constexpr Index kV = 11;
constexpr float kHuge = 3e38f;

/// A model whose logits leave the floats. `bad` is what one of them becomes: the states are about 0.76 in
/// both units.
std::shared_ptr<LanguageModel<float>> huge_model(float first, float second) {
  auto model = std::make_shared<LanguageModel<float>>(
      ModelConfig{.network = {.cell = CellKind::kRnnTanh, .hidden_size = 2}, .vocab_size = kV});
  Parameters<float>& parameters = model->parameters();
  parameters.values().fill_zero();
  for (Index id = 0; id < parameters.count(); ++id) {
    const ParameterSpec& spec = parameters.spec(id);
    const auto set = [&](Index row, Index column, float value) {
      parameters.value(id)[spec.layout.place(row, column)] = value;
    };
    if (spec.name == "rnn.bias_ih_l0") {
      set(0, 0, 1.0f);
      set(1, 0, 1.0f);
    }
    if (spec.name == "head.weight") {
      set(kV - 1, 0, first);
      set(kV - 1, 1, second);
    }
    if (spec.name == "head.bias") set(kV - 1, 0, first);
  }
  parameters.changed();
  return model;
}

const std::vector<TokenId> kTokens = {1, 2, 3, 4, 5};

template <class Use>
void expect_not_finite(Use&& use) {
  expect_error(ErrorCode::kNotFinite, ", expected ", use);
}

/// Of one logit: plus infinity, minus infinity, and a sum of some 1e38 that stays finite.
class Overflow : public ::testing::TestWithParam<float> {};

TEST_P(Overflow, IsSaidByWhoeverMeetsALogit) {
  const auto model = huge_model(GetParam(), GetParam());
  const std::vector<std::vector<TokenId>> texts = {kTokens, {3, 4}};
  const std::uint64_t seeds[] = {1, 2};
  for (const Precision precision : {Precision::kFloat32, Precision::kInt8}) {
    for (const SamplingConfig& sampling : {SamplingConfig{}, SamplingConfig{.greedy = true}}) {
      expect_not_finite([&] { Generator(model, std::vector<TokenId>{1}, sampling, 1, precision).next(); });
      expect_not_finite([&] { Generator(model, kTokens, sampling, 1, precision).write(3); });
      TextReader reader(*model, precision);
      expect_not_finite([&] { write_texts(reader, texts, sampling, seeds, 3, {}); });
    }
    TextReader reader(*model, precision);
    expect_not_finite([&] { score_texts(reader, texts); });
    Evaluation evaluation(model, kTokens, precision);
    expect_not_finite([&] { evaluation.advance(); });
  }
  expect_not_finite([&] { beam_search(*model, kTokens, {.width = 3, .length = 4}, {}); });
  expect_not_finite([&] { probe(*model, kTokens); });
}

TEST_P(Overflow, IsSaidByTheGuessOfAProbe) {
  // The gradient by the state is a weight of 3e38 times a share of the probability.
  expect_not_finite([&] { probe_guess(*huge_model(GetParam(), GetParam()), kTokens, kV - 1); });
}

/// The loss is finite, and the gradient by the state a weight of 2e38. By a token that was not read it is 1e5
/// times that.
TEST(GuessOfAProbe, SaysThatItsGradientIsTooLarge) {
  const auto model = huge_model(0.0f, 0.0f);
  Parameters<float>& parameters = model->parameters();
  for (Index id = 0; id < parameters.count(); ++id) {
    const ParameterSpec& spec = parameters.spec(id);
    float* values = parameters.value(id);
    if (spec.name == "rnn.bias_ih_l0") values[spec.layout.place(0, 0)] = 1e-38f;
    if (spec.name == "head.weight") values[spec.layout.place(2, 0)] = 2e38f;
    if (spec.name == "rnn.weight_ih_l0") values[spec.layout.place(0, kV - 1)] = 1e5f;
  }
  parameters.changed();
  EXPECT_NO_THROW(probe(*model, kTokens));
  expect_not_finite([&] { probe_guess(*model, kTokens, 2); });
}

INSTANTIATE_TEST_SUITE_P(BothSigns, Overflow, ::testing::Values(kHuge, -kHuge),
                         [](const auto& info) { return std::string(info.param > 0 ? "plus" : "minus"); });

/// Large is not too large: 1e38 has a place among the floats, and a text can be written by it.
TEST(LargeLogits, AreLogits) {
  const auto model = huge_model(2e37f, 2e37f);
  EXPECT_EQ(Generator(model, kTokens, {}, 1).write(3).tokens, (std::vector<TokenId>(3, kV - 1)));
  EXPECT_TRUE(std::isfinite(probe(*model, kTokens).probabilities.back()));
  TextReader reader(*model);
  EXPECT_TRUE(std::isfinite(score_texts(reader, {kTokens})[0].loss_nats));
}

class SequenceOverflow : public ::testing::TestWithParam<Readout> {};

TEST_P(SequenceOverflow, IsSaidByAnswersAndLosses) {
  SequenceModel<float> model({.network = {.cell = CellKind::kRnnTanh, .hidden_size = 4},
                              .input_size = 3,
                              .output_size = 2,
                              .readout = GetParam()});
  const std::vector<float> x(2 * 3 * 3, 0.5f);
  const SequenceModel<float>::Batch batch{.seq_len = 2, .batch_size = 3, .x = x.data()};
  std::vector<float> targets(static_cast<std::size_t>(model.answers(batch)) * 2, 0.25f);
  const std::vector<TokenId> classes(static_cast<std::size_t>(model.answers(batch)), 1);

  model.forward(batch, Dropout::kOff, nullptr, nullptr);
  targets[1] = std::numeric_limits<float>::quiet_NaN();
  expect_not_finite([&] { model.squared_error_and_gradients(targets.data(), {}); });
  model.forward(batch, Dropout::kOff, nullptr, nullptr);
  expect_not_finite([&] { model.squared_error(targets.data(), {}); });

  // An answer whose loss is not asked for, and then one that is refused: states of almost 1, and an answer of
  // four times 3e38.
  model.forward(batch, Dropout::kOff, nullptr, nullptr);
  Parameters<float>& parameters = model.parameters();
  for (Index id = 0; id < parameters.count(); ++id) {
    const ParameterSpec& spec = parameters.spec(id);
    const bool of_head = spec.name.starts_with("head");
    const std::vector<float> filled(static_cast<std::size_t>(spec.layout.size()), of_head ? kHuge : 1.0f);
    pack(spec.layout, filled.data(), parameters.value(id));
  }
  parameters.changed();
  expect_not_finite([&] { model.forward(batch, Dropout::kOff, nullptr, nullptr); });
  // Of what could not be answered there is no loss.
  expect_error(ErrorCode::kWrongState, "no forward()",
               [&] { model.cross_entropy_and_gradients(classes.data(), {}); });
}

INSTANTIATE_TEST_SUITE_P(Readouts, SequenceOverflow, ::testing::Values(Readout::kLast, Readout::kSteps),
                         [](const auto& info) {
                           return std::string(info.param == Readout::kLast ? "last" : "steps");
                         });

class NetworkUpdate : public ::testing::Test {
 protected:
  NetworkUpdate()
      : model_({.network = {.hidden_size = 3}, .vocab_size = 5}), optimizer_({.kind = OptimizerKind::kSgd}) {}

  double update(double clip_norm = 0.0, double clip_value = 0.0) {
    return update_network("Rnn", model_.parameters(), optimizer_, clip_norm, clip_value);
  }

  LanguageModel<float> model_;
  Optimizer<float> optimizer_;
};

TEST_F(NetworkUpdate, RefusesGradientsThatAreNoneByNameAndChangesNothing) {
  Parameters<float>& parameters = model_.parameters();
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    parameters.zero_gradients();
    parameters.gradient(2)[0] = bad;
    const AlignedBuffer<float> before = parameters.values();
    expect_error(ErrorCode::kNotFinite, "the gradient of rnn.bias_ih_l0", [&] { update(1.0, 1.0); });
    for (Index i = 0; i < before.size(); ++i) ASSERT_EQ(before[i], parameters.values()[i]);
    EXPECT_EQ(optimizer_.updates(), 0);
  }
}

TEST_F(NetworkUpdate, SaysWhichWeightBecameTooLarge) {
  Parameters<float>& parameters = model_.parameters();
  parameters.zero_gradients();
  parameters.gradient(3)[1] = 1e35f;
  optimizer_.set_learning_rate(1e9);
  expect_error(ErrorCode::kNotFinite, "after the update rnn.bias_hh_l0", [&] { update(); });
}

}  // namespace
}  // namespace unroll::testing::overflow_test
