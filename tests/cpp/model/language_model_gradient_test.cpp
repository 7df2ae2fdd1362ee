#include <gtest/gtest.h>

#include <string>

#include "support/gradient_check.h"
#include "support/kinks.h"
#include "support/language_model_case.h"
#include "support/random.h"
#include "unroll/core/number_text.h"
#include "unroll/model/language_model.h"

/// Every gradient of the language model against central differences, on sizes that are all different, so that
/// a transposed shape cannot hide.
namespace unroll::testing::language_model_gradient_test {
namespace {

constexpr Index kT = 3, kB = 2, kE = 4, kH = 5, kV = 7;

/// A model with a window and an initial state.
class Setting {
 public:
  Setting(const LanguageModelCase& c, std::uint64_t seed)
      : model({.network = {.cell = c.cell, .hidden_size = kH, .num_layers = c.num_layers, .seed = seed},
               .vocab_size = kV,
               .embedding_dim = c.embedding_dim}) {
    Random random(seed);
    ids_ = random.tokens(kT * kB, kV);
    targets_ = random.tokens(kT * kB, kV);
    model.make_state(kB, initial);
    for (auto& buffer : initial.h) random.fill_rows(buffer, kB, kH);
    for (auto& buffer : initial.c) random.fill_rows(buffer, kB, kH);
  }

  double loss_and_gradients() {
    StackState<double> state = initial;
    return model.loss_and_gradients(ids_.data(), targets_.data(), kT, kB, state);
  }

  /// With smoothed labels, an ignored target, and positions that count differently or not at all.
  double part_loss_and_gradients() {
    StackState<double> state = initial;
    std::vector<TokenId> targets = targets_;
    targets[1] = -100;
    const float weights[kT * kB] = {1.0f, 1.0f, 0.5f, 0.0f, 2.0f, 1.5f};
    return model.loss_and_gradients(ids_.data(), targets.data(), kT, kB, state, Dropout::kOff, nullptr,
                                    {.label_smoothing = 0.2, .weights = {.weights = weights}});
  }

  /// The loss by the path that computes no gradients.
  double loss() {
    StackState<double> state = initial;
    return model.evaluate(ids_.data(), targets_.data(), kT, kB, state) / static_cast<double>(kT * kB);
  }

  LanguageModel<double> model;
  StackState<double> initial;

 private:
  std::vector<TokenId> ids_;
  std::vector<TokenId> targets_;
};

std::uint64_t smooth_seed_of(const LanguageModelCase& c) {
  return smooth_seed([&](std::uint64_t seed) {
    Setting setting(c, seed);
    setting.loss();
    return distance_to_kink(setting.model.stack(), kT * kB);
  });
}

class LanguageModelGradient : public ::testing::TestWithParam<LanguageModelCase> {};

/// The gradients that are in the setting against differences of loss().
template <class Loss>
void expect_gradients(Setting& setting, Loss&& loss) {
  const AlignedBuffer<double> gradients = setting.model.parameters().gradients();
  const StackState<double> d_initial = setting.model.d_initial_state();
  GradientCheck check;
  check_parameters(setting.model.parameters(), check, [&] {
    const double value = loss();
    setting.model.parameters().gradients() = gradients;  // a loss may have written its own
    return value;
  });
  EXPECT_EQ(check.compared, setting.model.parameters().size());
  for (std::size_t k = 0; k < setting.initial.h.size(); ++k) {
    check_rows(setting.initial.h[k], d_initial.h[k], kB, kH, check, loss);
  }
  for (std::size_t k = 0; k < setting.initial.c.size(); ++k) {
    check_rows(setting.initial.c[k], d_initial.c[k], kB, kH, check, loss);
  }
  EXPECT_LE(check.worst, kGradientTolerance);
  ::testing::Test::RecordProperty("worst_error", number_text(check.worst));
}

TEST_P(LanguageModelGradient, AgreesWithCentralDifferences) {
  Setting setting(GetParam(), smooth_seed_of(GetParam()));
  EXPECT_NEAR(setting.loss_and_gradients(), setting.loss(), 1e-14);
  expect_gradients(setting, [&] { return setting.loss(); });
}

TEST_P(LanguageModelGradient, OfAPartWithSmoothedLabelsAgreesAsWell) {
  Setting setting(GetParam(), smooth_seed_of(GetParam()));
  EXPECT_NE(setting.part_loss_and_gradients(), setting.loss());
  setting.part_loss_and_gradients();
  expect_gradients(setting, [&] { return setting.part_loss_and_gradients(); });
}

INSTANTIATE_TEST_SUITE_P(All, LanguageModelGradient, ::testing::ValuesIn(language_model_cases(3, kE)),
                         [](const auto& info) { return name_of(info.param); });

}  // namespace
}  // namespace unroll::testing::language_model_gradient_test
