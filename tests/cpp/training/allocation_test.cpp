#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/allocation_counter.h"
#include "support/language_model_case.h"
#include "support/language_trainer.h"
#include "support/random.h"
#include "unroll/model/language_model.h"
#include "unroll/model/rnn.h"
#include "unroll/model/sequence_model.h"
#include "unroll/nn/clipping.h"

/// A training step asks for no memory after the first of its shape.
namespace unroll::testing::allocation_test {
namespace {

TEST(AllocationCounter, SeesEveryKind) {
  const auto counted = [](auto&& action) {
    const std::uint64_t before = allocations();
    action();
    return allocations() - before;
  };
  EXPECT_EQ(counted([] {}), 0u);
  EXPECT_EQ(counted([] { const AlignedBuffer<float> buffer(10); }), 1u);
  EXPECT_EQ(counted([] { const std::vector<int> numbers(10); }), 1u);
  EXPECT_EQ(counted([] { const auto numbers = std::make_unique<double[]>(10); }), 1u);
}

class Allocation : public ::testing::TestWithParam<LanguageModelCase> {};

/// Every optimizer, with clipping and dropout.
TEST_P(Allocation, IsOverAfterTheFirstStep) {
  constexpr Index kT = 6, kB = 4, kV = 11;
  const auto [cell, num_layers, embedding_dim] = GetParam();
  for (OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kRmsprop, OptimizerKind::kAdagrad,
                             OptimizerKind::kAdam, OptimizerKind::kAdamw}) {
    LanguageModel<float> model(
        {.network = {.cell = cell, .hidden_size = 9, .num_layers = num_layers, .dropout = 0.5},
         .vocab_size = kV,
         .embedding_dim = embedding_dim});
    OptimizerConfig config = OptimizerConfig::defaults(kind);
    if (kind == OptimizerKind::kSgd) config.momentum = 0.9;
    Optimizer<float> optimizer(config);
    StackState<float> state;
    model.make_state(kB, state);
    Rng rng(1, Rng::Purpose::kDropout);
    const std::vector<TokenId> ids = Random(1).tokens(kT * kB, kV);
    const auto step = [&] {
      model.loss_and_gradients(ids.data(), ids.data(), kT, kB, state, Dropout::kDraw, &rng);
      clip_values(model.parameters(), 1.0);
      const double norm = gradient_norm(model.parameters());
      optimizer.update(model.parameters(), clip_coefficient(norm, 0.1));
    };
    step();
    const std::uint64_t before = allocations();
    for (int i = 0; i < 5; ++i) step();
    EXPECT_EQ(allocations(), before) << to_string(kind);
  }
}

/// With dropout, under every schedule, over the end of an epoch and several checkpoints of the watchdog.
TEST_P(Allocation, IsOverAfterTheTrainersFirstStep) {
  const auto [cell, num_layers, embedding_dim] = GetParam();
  std::u32string text;
  for (int i = 0; i < 400; ++i) text.push_back(static_cast<char32_t>(U'a' + i * i % 13));
  const std::optional<ScheduleConfig> schedules[] = {
      std::nullopt,
      ScheduleConfig{.kind = ScheduleKind::kStep, .step_size = 3},
      ScheduleConfig{.kind = ScheduleKind::kCosine, .t_max = 20},
      ScheduleConfig{.kind = ScheduleKind::kLinear},
      ScheduleConfig{.kind = ScheduleKind::kPlateau, .patience = 3},
  };
  for (const std::optional<ScheduleConfig>& schedule : schedules) {
    LanguageTrainer trainer(
        {.network = {.cell = cell, .hidden_size = 9, .num_layers = num_layers, .dropout = 0.4},
         .embedding_dim = embedding_dim},
        {.batch_size = 4, .seq_len = 10, .schedule = schedule}, text);
    trainer.train_step();
    ASSERT_LT(trainer.steps_per_epoch(), Trainer::kCheckpointEvery);
    const std::uint64_t before = allocations();
    while (trainer.steps() < 3 * Trainer::kCheckpointEvery + 1) {
      trainer.train_step();
      trainer.observe_validation(1.0);
    }
    EXPECT_EQ(allocations(), before) << (schedule ? to_string(schedule->kind) : "no schedule");
  }
}

INSTANTIATE_TEST_SUITE_P(All, Allocation, ::testing::ValuesIn(language_model_cases(2, 5)),
                         [](const auto& info) { return name_of(info.param); });

class RnnAllocation : public ::testing::TestWithParam<CellKind> {};

TEST_P(RnnAllocation, IsOverAfterTheFirstPassWithEveryLength) {
  constexpr Index kT = 6, kB = 3, kI = 4, kH = 5;
  Rnn<float> rnn(
      {.network =
           {.cell = GetParam(), .hidden_size = kH, .num_layers = 2, .bidirectional = true, .dropout = 0.3},
       .input_size = kI});
  const Array<float> x = Random(1).array<float>(kT * kB, kI);
  Array<float> output(kT * kB, 2 * kH), h(4 * kB, kH), c(h), d_x(x), d_h(h), d_c(h);
  const Index lengths[] = {2, 6, 4};
  Rng rng(1, Rng::Purpose::kDropout);
  const auto pass = [&](std::span<const Index> own) {
    rnn.forward({kT, kB, x.data(), h.data(), c.data(), own}, Dropout::kDraw, &rng, output.data(), h.data(),
                c.data());
    rnn.backward(output.data(), h.data(), c.data(), d_x.data(), d_h.data(), d_c.data());
  };
  pass({});
  pass(lengths);
  const std::uint64_t before = allocations();
  pass(lengths);
  pass({});
  pass(lengths);
  EXPECT_EQ(allocations(), before);
}

INSTANTIATE_TEST_SUITE_P(All, RnnAllocation, ::testing::ValuesIn(kAllCells),
                         [](const auto& info) { return std::string(cell<float>(info.param).name); });

/// A classifier, a tagger and regressors of either kind on ragged batches, with dropout and a schedule.
class SequenceModelAllocation : public ::testing::TestWithParam<std::tuple<CellKind, Readout, bool>> {};

TEST_P(SequenceModelAllocation, IsOverAfterTheFirstStepsWhateverTheLengths) {
  constexpr Index kT = 6, kB = 4, kV = 7, kOut = 3;
  const auto [cell, readout, embeds] = GetParam();
  SequenceModel<float> model(
      {.network = {.cell = cell, .hidden_size = 9, .num_layers = 2, .bidirectional = true, .dropout = 0.3},
       .vocab_size = kV,
       .embedding_dim = embeds ? 5 : 0,
       .output_size = kOut,
       .readout = readout});
  Optimizer<float> optimizer({.learning_rate = 0.01});
  Schedule schedule({.kind = ScheduleKind::kCosine, .t_max = 5}, 0.01);
  Rng rng(1, Rng::Purpose::kDropout);
  Random random(1);
  const std::vector<TokenId> ids = random.tokens(kT * kB, kV), classes = random.tokens(kT * kB, kOut);
  const Array<float> values = random.array<float>(kT * kB, kOut);
  const std::vector<float> weights(static_cast<std::size_t>(kT * kB), 0.5f);
  const auto step = [&](std::span<const Index> lengths) {
    const SequenceModel<float>::Batch batch{
        .seq_len = kT, .batch_size = kB, .ids = ids.data(), .lengths = lengths};
    const RowWeights counts{.weights =
                                std::span(weights).first(static_cast<std::size_t>(model.answers(batch)))};
    for (const bool squared : {false, true}) {
      model.forward(batch, Dropout::kDraw, &rng, nullptr);
      if (squared)
        model.squared_error_and_gradients(values.data(), counts);
      else
        model.cross_entropy_and_gradients(classes.data(), {.label_smoothing = 0.1, .weights = counts});
      optimizer.update(model.parameters(), clip_coefficient(gradient_norm(model.parameters()), 1.0));
      schedule.step();
      optimizer.set_learning_rate(schedule.learning_rate());
    }
  };
  const Index some[] = {2, 6, 1, 4}, most[] = {6, 6, 5, 6};
  step({});
  step(most);
  const std::uint64_t before = allocations();
  step(some);
  step({});
  step(most);
  EXPECT_EQ(allocations(), before);
}

std::string name_of(const std::tuple<CellKind, Readout, bool>& c) {
  const auto& [kind, readout, embeds] = c;
  return std::string(cell<float>(kind).name) + (readout == Readout::kLast ? "_last" : "_steps") +
         (embeds ? "_embedding" : "_one_hot");
}

INSTANTIATE_TEST_SUITE_P(All, SequenceModelAllocation,
                         ::testing::Combine(::testing::ValuesIn(kAllCells),
                                            ::testing::Values(Readout::kLast, Readout::kSteps),
                                            ::testing::Bool()),
                         [](const auto& info) { return name_of(info.param); });

}  // namespace
}  // namespace unroll::testing::allocation_test
