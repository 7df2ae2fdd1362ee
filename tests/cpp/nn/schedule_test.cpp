#include "unroll/nn/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "support/expect_error.h"
#include "unroll/nn/optimizer.h"

namespace unroll::testing::schedule_test {
namespace {

constexpr double kBase = 0.1;

/// The rates of so many updates.
std::vector<double> rates(const ScheduleConfig& config, int count) {
  Schedule schedule(config, kBase);
  std::vector<double> result;
  for (int i = 0; i < count; ++i) {
    result.push_back(schedule.learning_rate());
    schedule.step();
  }
  return result;
}

TEST(Schedule, StepFallsAtMultiplesOfItsSize) {
  const std::vector<double> lr = rates({.kind = ScheduleKind::kStep, .step_size = 3, .gamma = 0.5}, 9);
  for (int i = 0; i < 9; ++i) {
    EXPECT_DOUBLE_EQ(lr[static_cast<std::size_t>(i)], kBase * std::pow(0.5, i / 3)) << i;
  }
}

TEST(Schedule, CosineFollowsItsWaveThroughTroughAndCrest) {
  for (Index t_max : {1, 2, 7, 20}) {
    SCOPED_TRACE(t_max);
    const std::vector<double> lr =
        rates({.kind = ScheduleKind::kCosine, .t_max = t_max, .eta_min = 1e-3}, 70);
    for (std::size_t i = 0; i < lr.size(); ++i) {
      const double wave = std::cos(std::numbers::pi * static_cast<double>(i) / static_cast<double>(t_max));
      EXPECT_NEAR(lr[i], 1e-3 + (kBase - 1e-3) * (1.0 + wave) / 2.0, 1e-12) << i;
    }
  }
}

TEST(Schedule, LinearIsAStraightLineAndThenLevel) {
  const ScheduleConfig config{
      .kind = ScheduleKind::kLinear, .start_factor = 0.2, .end_factor = 0.6, .total_iters = 4};
  const std::vector<double> lr = rates(config, 8);
  for (std::size_t i = 0; i < lr.size(); ++i) {
    const double done = std::min(static_cast<double>(i), 4.0) / 4.0;
    EXPECT_NEAR(lr[i], kBase * (0.2 + 0.4 * done), 1e-15) << i;
  }
}

TEST(Schedule, PlateauFallsAfterPatienceAndRestsInTheCooldown) {
  Schedule schedule({.kind = ScheduleKind::kPlateau, .factor = 0.5, .patience = 1, .cooldown = 2}, kBase);
  const double metrics[] = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  // The first is the best; the second and third are no better, and the third is one too many. Then two rest.
  const double expected[] = {kBase, kBase, kBase / 2, kBase / 2, kBase / 2, kBase / 2, kBase / 4};
  for (int i = 0; i < 7; ++i) {
    schedule.step(metrics[i]);
    EXPECT_DOUBLE_EQ(schedule.learning_rate(), expected[i]) << i;
  }
}

TEST(Schedule, PlateauCountsMetricsInARow) {
  Schedule schedule({.kind = ScheduleKind::kPlateau, .factor = 0.5, .patience = 2}, kBase);
  for (const double metric : {1.0, 1.0, 1.0, 0.5, 0.5, 0.5}) schedule.step(metric);
  EXPECT_EQ(schedule.learning_rate(), kBase);  // twice two that were no better, and a better one in between
  schedule.step(0.5);
  EXPECT_EQ(schedule.learning_rate(), kBase / 2);
}

/// Whether a plateau schedule without patience takes `second` as better than `first`.
bool is_better(const ScheduleConfig& wanted, double first, double second) {
  ScheduleConfig config = wanted;
  config.kind = ScheduleKind::kPlateau;
  config.patience = 0;
  Schedule schedule(config, kBase);
  schedule.step(first);
  schedule.step(second);
  return schedule.learning_rate() == kBase;
}

TEST(Schedule, PlateauKnowsWhatIsBetterInEachMode) {
  const ScheduleConfig min_rel{.threshold = 0.1}, max_rel{.maximise = true, .threshold = 0.1};
  const ScheduleConfig min_abs{.threshold = 0.1, .absolute = true};
  const ScheduleConfig max_abs{.maximise = true, .threshold = 0.1, .absolute = true};
  EXPECT_TRUE(is_better(min_rel, 10.0, 8.9));
  EXPECT_FALSE(is_better(min_rel, 10.0, 9.1));
  EXPECT_TRUE(is_better(max_rel, 10.0, 11.1));
  EXPECT_FALSE(is_better(max_rel, 10.0, 10.9));
  EXPECT_TRUE(is_better(min_abs, 10.0, 9.8));
  EXPECT_FALSE(is_better(min_abs, 10.0, 9.95));
  EXPECT_TRUE(is_better(max_abs, 10.0, 10.2));
  EXPECT_FALSE(is_better(max_abs, 10.0, 10.05));
  EXPECT_FALSE(is_better(min_rel, 10.0, NAN));
}

TEST(Schedule, PlateauStaysAboveItsFloorAndLeavesTinyFallsOut) {
  Schedule schedule(
      {.kind = ScheduleKind::kPlateau, .factor = 0.1, .patience = 0, .min_lr = 0.02, .eps = 0.0}, kBase);
  for (int i = 0; i < 5; ++i) schedule.step(1.0);
  EXPECT_EQ(schedule.learning_rate(), 0.02);
  Schedule tiny({.kind = ScheduleKind::kPlateau, .factor = 0.5, .patience = 0, .eps = 0.06}, kBase);
  for (int i = 0; i < 5; ++i) tiny.step(1.0);
  EXPECT_EQ(tiny.learning_rate(), kBase);
}

TEST(Schedule, GoesOnFromARateThatWasSetByHand) {
  Schedule schedule({.kind = ScheduleKind::kStep, .step_size = 2, .gamma = 0.1}, kBase);
  schedule.step();
  schedule.set_learning_rate(5.0);
  schedule.step();
  EXPECT_DOUBLE_EQ(schedule.learning_rate(), 0.5);
}

TEST(Schedule, GoesOnFromASavedStateAndStartsAnew) {
  const ScheduleConfig config{.kind = ScheduleKind::kCosine, .t_max = 6};
  const std::vector<double> whole = rates(config, 12);
  Schedule first(config, kBase);
  for (int i = 0; i < 5; ++i) first.step();
  Schedule second(config, 77.0);
  second.set_state(first.state());
  for (std::size_t i = 5; i < 12; ++i) {
    EXPECT_EQ(second.learning_rate(), whole[i]);
    second.step();
  }
  second.reset();
  EXPECT_EQ(second.learning_rate(), kBase);
}

/// Whatever is asked of it, it gives a rate that an optimizer takes.
TEST(Schedule, StaysWithinTheRatesOfAnOptimizer) {
  const ScheduleConfig configs[] = {
      {.kind = ScheduleKind::kStep, .step_size = 1, .gamma = 1e9},
      {.kind = ScheduleKind::kStep, .step_size = 2, .gamma = 10.0},
      {.kind = ScheduleKind::kStep, .step_size = 1, .gamma = 0.0},
      {.kind = ScheduleKind::kLinear, .start_factor = 1e-30, .end_factor = 0.0, .total_iters = 3},
      {.kind = ScheduleKind::kLinear, .start_factor = 1e-30, .end_factor = 1.0, .total_iters = 1'000'000'000},
      {.kind = ScheduleKind::kCosine, .t_max = 1, .eta_min = 1e9},
      {.kind = ScheduleKind::kCosine, .t_max = 3, .eta_min = 5.0},
      {.kind = ScheduleKind::kCosine, .t_max = 1'000'000'000},
  };
  for (const ScheduleConfig& config : configs) {
    for (double base : {0.0, 5e-324, 1e-3, kMaxLearningRate}) {
      Schedule schedule(config, base);
      for (int i = 0; i < 400; ++i) {
        schedule.step();
        ASSERT_TRUE(schedule.learning_rate() >= 0.0 && schedule.learning_rate() <= kMaxLearningRate)
            << to_string(config.kind) << " from " << base << ": " << schedule.learning_rate();
        if (i == 100) schedule.set_learning_rate(base / 3.0);
      }
    }
  }
}

/// Around the trough of a wave of 1e9 steps the cosine is -1 for many of them, and its quotient 0 / 0.
TEST(Schedule, HasARateInTheTroughOfALongWave) {
  constexpr Index kLong = 1'000'000'000;
  Schedule schedule({.kind = ScheduleKind::kCosine, .t_max = kLong}, kBase);
  for (std::int64_t start : {kLong - 5, kLong - 1, kLong + 0, kLong + 3}) {
    Schedule::State state = schedule.state();
    state.steps = start;
    state.learning_rate = 1e-12;
    schedule.set_state(state);
    for (int i = 0; i < 8; ++i) {
      schedule.step();
      EXPECT_GE(schedule.learning_rate(), 0.0) << start << " + " << i;
      EXPECT_LE(schedule.learning_rate(), 1e-9) << start << " + " << i;
    }
  }
}

TEST(Schedule, TakesAMetricThatIsNoneForNoBetter) {
  Schedule schedule({.kind = ScheduleKind::kPlateau, .factor = 0.5, .patience = 0}, kBase);
  schedule.step(2.0);
  schedule.step(NAN);
  EXPECT_EQ(schedule.learning_rate(), kBase / 2.0);
  EXPECT_EQ(schedule.state().best, 2.0);
}

TEST(Schedule, RefusesWhatMakesNoSense) {
  using enum ErrorCode;
  const auto make = [](const ScheduleConfig& config) { return [config] { Schedule(config, kBase); }; };
  expect_error(kInvalidConfig, "step_size is 0", make({.kind = ScheduleKind::kStep}));
  expect_error(kInvalidConfig, "gamma", make({.kind = ScheduleKind::kStep, .step_size = 1, .gamma = NAN}));
  expect_error(kInvalidConfig, "t_max is 0", make({.kind = ScheduleKind::kCosine}));
  expect_error(kInvalidConfig, "start_factor", make({.kind = ScheduleKind::kLinear, .start_factor = 0.0}));
  for (double bad : {1e-31, 5e-324, -1.0, 1.5}) {
    expect_error(kInvalidConfig, "start_factor", make({.kind = ScheduleKind::kLinear, .start_factor = bad}));
  }
  for (double bad : {1e10, HUGE_VAL, -1.0}) {
    expect_error(kInvalidConfig, "gamma", make({.kind = ScheduleKind::kStep, .step_size = 1, .gamma = bad}));
    expect_error(kInvalidConfig, "eta_min",
                 make({.kind = ScheduleKind::kCosine, .t_max = 1, .eta_min = bad}));
    expect_error(kInvalidConfig, "min_lr", make({.kind = ScheduleKind::kPlateau, .min_lr = bad}));
  }
  expect_error(kInvalidConfig, "learning_rate is 10000000000",
               [] { Schedule({.kind = ScheduleKind::kStep, .step_size = 1}, 1e10); });
  expect_error(kInvalidConfig, "factor is 1", make({.kind = ScheduleKind::kPlateau, .factor = 1.0}));
  Schedule step({.kind = ScheduleKind::kStep, .step_size = 1}, kBase);
  Schedule plateau({.kind = ScheduleKind::kPlateau}, kBase);
  expect_error(kInvalidArgument, "plateau", [&] { step.step(1.0); });
  expect_error(kInvalidArgument, "metric", [&] { plateau.step(); });
  expect_error(kInvalidConfig, "learning_rate is -1",
               [] { Schedule({.kind = ScheduleKind::kPlateau}, -1.0); });
}

}  // namespace
}  // namespace unroll::testing::schedule_test
