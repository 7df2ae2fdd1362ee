#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "support/allocation_counter.h"
#include "support/language_trainer.h"
#include "unroll/inference/probe.h"
#include "unroll/model/state_dict.h"
#include "unroll/nn/finite.h"

/// A step that fails is seen at once, named, and undone.
namespace unroll::testing::watchdog_test {
namespace {

LanguageTrainer make_trainer() {
  std::u32string text;
  for (int i = 0; i < 300; ++i) text.push_back(static_cast<char32_t>(U'a' + i * i % 13));
  TrainConfig config;
  config.batch_size = 3;
  config.seq_len = 10;
  return LanguageTrainer({.network = {.hidden_size = 9, .num_layers = 2, .dropout = 0.3}, .embedding_dim = 4},
                         config, text);
}

void train(LanguageTrainer& trainer, std::int64_t until) {
  while (trainer.steps() < until) trainer.train_step();
}

void spoil(LanguageTrainer& trainer, const char* name) {
  Parameters<float>& parameters = trainer.model()->parameters();
  for (Index id = 0; id < parameters.count(); ++id) {
    if (parameters.spec(id).name != name) continue;
    parameters.value(id)[parameters.spec(id).layout.place(0, 0)] = std::numeric_limits<float>::quiet_NaN();
    parameters.changed();
    return;
  }
  FAIL() << name;
}

std::optional<Divergence> divergence_of_step(LanguageTrainer& trainer) {
  try {
    trainer.train_step();
    return std::nullopt;
  } catch (const DivergedError& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFinite);
    EXPECT_NE(std::string(error.what()).find(error.divergence().parameter), std::string::npos);
    return error.divergence();
  }
}

TEST(Watchdog, GoesBackToTheLastCheckpointAndOnToTheSameBits) {
  LanguageTrainer untouched = make_trainer();
  train(untouched, 130);

  LanguageTrainer trainer = make_trainer();
  train(trainer, 123);
  spoil(trainer, "rnn.weight_hh_l1");
  const std::optional<Divergence> divergence = divergence_of_step(trainer);
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->step, 124);
  EXPECT_EQ(divergence->of, Divergence::Of::kLoss);
  EXPECT_EQ(divergence->parameter, "embedding.weight");  // a NaN anywhere reaches all that is below
  EXPECT_EQ(divergence->layer, -1);
  EXPECT_EQ(divergence->resumed_at_step, 100);
  EXPECT_EQ(trainer.steps(), 100);
  train(trainer, 130);
  EXPECT_EQ(trainer.save_state(), untouched.save_state());
}

TEST(Watchdog, UndoesAFailureOfTheFirstStep) {
  LanguageTrainer trainer = make_trainer();
  const std::vector<std::uint8_t> before = trainer.save_state();
  Parameters<float>& parameters = trainer.model()->parameters();
  const AlignedBuffer<float> weights = parameters.values();
  spoil(trainer, "head.bias");
  const std::optional<Divergence> divergence = divergence_of_step(trainer);
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->step, 1);
  EXPECT_EQ(divergence->resumed_at_step, 0);
  parameters.values() = weights;
  parameters.changed();
  EXPECT_EQ(trainer.save_state(), before);
}

TEST(Watchdog, ForgetsWhatLiesBehindARestoredState) {
  LanguageTrainer trainer = make_trainer();
  train(trainer, 20);
  const std::vector<std::uint8_t> file = trainer.save_state();
  train(trainer, 70);
  trainer.restore_state(file);
  train(trainer, 30);
  spoil(trainer, "head.bias");
  EXPECT_EQ(divergence_of_step(trainer)->resumed_at_step, 20);
  EXPECT_EQ(trainer.save_state(), file);
}

TEST(Watchdog, GoesFurtherBackWhenThatDidNotHelp) {
  LanguageTrainer trainer = make_trainer();
  const auto fail_at = [&](std::int64_t step) {
    train(trainer, step);
    spoil(trainer, "head.weight");
    return divergence_of_step(trainer)->resumed_at_step;
  };
  EXPECT_EQ(fail_at(110), 100);
  EXPECT_EQ(fail_at(110), 50);
  EXPECT_EQ(fail_at(110), 50);   // there is none older
  EXPECT_EQ(fail_at(120), 100);  // it got further, so the newest will do
}

/// A loss of some 1e28 is finite, and its gradient of 1e37 by a unit of the upper layer is. By the weight
/// between that unit and a state of 1000 it is not, and nothing of it reaches the layer below, whose states
/// are zero.
TEST(Watchdog, NamesLayerAndParameterWhereOnlyAGradientIsLost) {
  std::u32string text;
  for (int i = 0; i < 300; ++i) text.push_back(static_cast<char32_t>(U'a' + i * i % 13));
  TrainConfig config;
  config.batch_size = 3;
  config.seq_len = 7;
  LanguageTrainer trainer({.network = {.cell = CellKind::kRnnRelu, .hidden_size = 2, .num_layers = 2}},
                          config, text);
  Parameters<float>& parameters = trainer.model()->parameters();
  parameters.values().fill_zero();
  const auto set = [&](const std::string& name, Index row, Index column, float value) {
    for (Index id = 0; id < parameters.count(); ++id) {
      const ParameterSpec& spec = parameters.spec(id);
      if (spec.name == name) parameters.value(id)[spec.layout.place(row, column)] = value;
    }
  };
  set("rnn.bias_ih_l1", 0, 0, 1e-10f);
  set("rnn.bias_ih_l1", 1, 0, 1000.0f);
  for (Index v = 0; v < trainer.vocabulary()->size(); ++v)
    set("head.weight", v, 0, v % 2 == 0 ? 3e38f : -3e38f);
  parameters.changed();
  const std::optional<Divergence> divergence = divergence_of_step(trainer);
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->of, Divergence::Of::kGradient);
  EXPECT_EQ(divergence->parameter, "rnn.weight_hh_l1");
  EXPECT_EQ(divergence->layer, 1);
  EXPECT_EQ(divergence->step, 1);
}

TEST(Watchdog, FindsTheFirstParameterWithAGradientThatIsNotFinite) {
  LanguageTrainer trainer = make_trainer();
  Parameters<float>& parameters = trainer.model()->parameters();
  EXPECT_EQ(first_not_finite_gradient(parameters), -1);
  const Index last = parameters.count() - 1;
  parameters.gradient(last)[0] = INFINITY;
  EXPECT_EQ(first_not_finite_gradient(parameters), last);
  parameters.gradient(3)[1] = NAN;
  EXPECT_EQ(first_not_finite_gradient(parameters), 3);
}

TEST(Watchdog, AllocatesInTheFirstStepOnly) {
  LanguageTrainer trainer = make_trainer();
  trainer.train_step();
  const std::uint64_t before = allocations();
  train(trainer, 3 * Trainer::kCheckpointEvery + 1);
  EXPECT_EQ(allocations(), before);
}

TEST(ParameterStatistics, AreThoseOfTheLastStep) {
  LanguageTrainer trainer = make_trainer();
  EXPECT_THROW(trainer.parameter_statistics(), Error);
  train(trainer, 4);
  const std::vector<Tensor> before = export_values(trainer.model()->parameters());
  const double norm = trainer.train_step().gradient_norm;
  const std::vector<Tensor> after = export_values(trainer.model()->parameters());
  const std::vector<Tensor> gradients = export_gradients(trainer.model()->parameters());
  const std::vector<ParameterStatistics> statistics = trainer.parameter_statistics();
  ASSERT_EQ(statistics.size(), before.size());
  const auto square = [](const std::vector<float>& values) {
    double sum = 0;
    for (double x : values) sum += x * x;
    return sum;
  };
  double all = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    double moved = 0;
    for (std::size_t j = 0; j < before[i].data.size(); ++j) {
      moved += std::pow(static_cast<double>(after[i].data[j]) - static_cast<double>(before[i].data[j]), 2);
    }
    EXPECT_EQ(statistics[i].name, before[i].name);
    EXPECT_NEAR(statistics[i].gradient_norm, std::sqrt(square(gradients[i].data)), 1e-12);
    EXPECT_NEAR(statistics[i].weight_norm, std::sqrt(square(after[i].data)), 1e-12);
    EXPECT_NEAR(statistics[i].update_norm, std::sqrt(moved), 1e-12);
    ASSERT_TRUE(statistics[i].update_ratio);
    EXPECT_NEAR(*statistics[i].update_ratio, std::sqrt(moved / square(before[i].data)), 1e-12);
    EXPECT_GT(*statistics[i].update_ratio, 0);
    all += statistics[i].gradient_norm * statistics[i].gradient_norm;
  }
  EXPECT_NEAR(std::sqrt(all), norm, 1e-12);
}

/// All numbers of the statistics, to compare.
std::vector<double> numbers(const std::vector<ParameterStatistics>& statistics) {
  std::vector<double> all;
  for (const ParameterStatistics& s : statistics) {
    all.insert(all.end(), {s.gradient_norm, s.weight_norm, s.update_norm, s.update_ratio.value_or(-1.0)});
  }
  return all;
}

/// Whoever computes other gradients with the same model does so elsewhere.
TEST(ParameterStatistics, DoNotChangeUntilTheNextStep) {
  LanguageTrainer trainer = make_trainer();
  train(trainer, 3);
  const std::vector<double> before = numbers(trainer.parameter_statistics());
  const std::vector<TokenId> tokens = {0, 1, 2, 3, 4};
  for (int i = 0; i < 2; ++i) {
    probe_guess(*trainer.model(), tokens, 1);
    EXPECT_EQ(numbers(trainer.parameter_statistics()), before);
  }
  StackState<float> state;
  trainer.model()->make_state(1, state);
  trainer.model()->loss_and_gradients(tokens.data(), tokens.data() + 1, 4, 1, state);
  EXPECT_EQ(numbers(trainer.parameter_statistics()), before);
  trainer.evaluate(Part::kValidation)->advance();
  EXPECT_EQ(numbers(trainer.parameter_statistics()), before);

  LanguageTrainer untouched = make_trainer();
  train(untouched, 4);
  trainer.train_step();
  EXPECT_EQ(numbers(trainer.parameter_statistics()), numbers(untouched.parameter_statistics()));
  EXPECT_EQ(trainer.save_state(), untouched.save_state());
}

/// Biases that start at zero have nothing that a step could be compared with.
TEST(ParameterStatistics, HaveNoRatioToNothing) {
  for (const InitScheme init : {InitScheme::kXavier, InitScheme::kOrthogonal}) {
    LanguageTrainer trainer(
        {.network = {.hidden_size = 9, .init = init}}, {.batch_size = 3, .seq_len = 10},
        U"a text that is long enough for one window of three streams, each of some ten characters");
    trainer.train_step();
    for (const ParameterStatistics& s : trainer.parameter_statistics()) {
      const bool starts_at_zero = s.name.find("bias") != std::string::npos;
      EXPECT_GT(s.update_norm, 0.0) << s.name;
      EXPECT_EQ(s.update_ratio.has_value(), !starts_at_zero) << s.name;
      EXPECT_TRUE(std::isfinite(s.update_ratio.value_or(0.0))) << s.name;
    }
    trainer.train_step();
    for (const ParameterStatistics& s : trainer.parameter_statistics()) {
      ASSERT_TRUE(s.update_ratio) << s.name;
      EXPECT_TRUE(std::isfinite(*s.update_ratio)) << s.name;
    }
  }
}

/// A rate of 1e9 and a gradient of some 1e30 are finite, the weights after them are not.
TEST(Watchdog, UndoesAnUpdateThatMakesAWeightTooLarge) {
  TrainConfig config;
  config.batch_size = 3;
  config.seq_len = 7;
  config.clip_norm = 0.0;
  config.optimizer = OptimizerConfig::defaults(OptimizerKind::kSgd);
  config.optimizer.learning_rate = 1e9;
  std::u32string text;
  for (int i = 0; i < 300; ++i) text.push_back(static_cast<char32_t>(U'a' + i * i % 13));
  LanguageTrainer trainer({.network = {.cell = CellKind::kRnnRelu, .hidden_size = 2, .num_layers = 1}},
                          config, text);
  Parameters<float>& parameters = trainer.model()->parameters();
  parameters.values().fill_zero();
  for (Index id = 0; id < parameters.count(); ++id) {
    const ParameterSpec& spec = parameters.spec(id);
    if (spec.name == "rnn.bias_ih_l0") parameters.value(id)[spec.layout.place(0, 0)] = 1e31f;
  }
  parameters.changed();
  const std::vector<std::uint8_t> before = trainer.save_state();
  const std::optional<Divergence> divergence = divergence_of_step(trainer);
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->of, Divergence::Of::kWeight);
  EXPECT_EQ(divergence->parameter, "head.weight");
  EXPECT_EQ(divergence->layer, -1);
  EXPECT_EQ(divergence->step, 1);
  EXPECT_EQ(trainer.steps(), 0);
  EXPECT_TRUE(all_finite(parameters.values().size(), parameters.values().data()));
  EXPECT_EQ(trainer.save_state(), before);
  trainer.set_learning_rate(1e-30);
  trainer.train_step();
  EXPECT_EQ(trainer.steps(), 1);
}

}  // namespace
}  // namespace unroll::testing::watchdog_test
