#include "unroll/training/trained_slice.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/expect_error.h"
#include "support/language_trainer.h"
#include "support/some_text.h"
#include "unroll/model/state_dict.h"

/// Where slices of training and of evaluations end, and that it makes no difference.
namespace unroll::testing::trained_slice_test {
namespace {

const ModelConfig kModel = {.network = {.hidden_size = 6}};
const TrainConfig kTrain = {.batch_size = 4, .seq_len = 8};

/// Says yes `times` times.
auto times(int count) {
  return [count]() mutable { return count-- > 0; };
}

LanguageTrainer a_trainer() {
  return LanguageTrainer(kModel, kTrain, some_text(600));
}

TrainedSlice sliced(LanguageTrainer& trainer, double max_steps, int goes_on) {
  TrainedSlice slice;
  slice.train(trainer, max_steps, times(goes_on));
  return slice;
}

TEST(TrainedSlice, EndsWithTheStepsOrWithTheTime) {
  LanguageTrainer trainer = a_trainer();
  const auto steps = [&](double max_steps, int goes_on) {
    const std::int64_t before = trainer.steps();
    const TrainedSlice slice = sliced(trainer, max_steps, goes_on);
    EXPECT_EQ(slice.losses.size(), slice.gradient_norms.size());
    EXPECT_EQ(trainer.steps() - before, static_cast<std::int64_t>(slice.losses.size()));
    return trainer.steps() - before;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(steps(1, 100), 1);
  EXPECT_EQ(steps(1, 0), 1);
  EXPECT_EQ(steps(7, 100), 7);
  EXPECT_EQ(steps(7.9, 100), 7);
  EXPECT_EQ(steps(7, 0), 1) << "at least one";
  EXPECT_EQ(steps(7, 3), 4);
  EXPECT_EQ(steps(infinity, 5), 6);
}

TEST(TrainedSlice, MakesNoDifference) {
  LanguageTrainer whole = a_trainer(), other = a_trainer();
  sliced(whole, 30, 100);
  while (other.steps() < 30) sliced(other, static_cast<double>(30 - other.steps()), 2);
  EXPECT_EQ(whole.save_state(), other.save_state());
}

TEST(TrainedSlice, KeepsWhatWasTakenBeforeADivergence) {
  LanguageTrainer trainer = a_trainer();
  sliced(trainer, 3, 100);
  TrainedSlice slice;
  const auto spoils = [&] {
    trainer.model()->parameters().value(0)[0] = std::numeric_limits<float>::quiet_NaN();
    trainer.model()->parameters().changed();
    return true;
  };
  EXPECT_THROW(slice.train(trainer, 5, spoils), DivergedError);
  EXPECT_EQ(slice.losses.size(), 1u);
  EXPECT_EQ(slice.gradient_norms.size(), 1u);
  EXPECT_EQ(trainer.steps(), 0);
}

TEST(EvaluationInSlices, IsTheSameWhereverItPauses) {
  LanguageTrainer trainer = a_trainer();
  auto whole = trainer.evaluate(Part::kTrain);
  whole->advance_while([] { return true; });
  EXPECT_TRUE(whole->done());
  auto sliced = trainer.evaluate(Part::kTrain);
  int slices = 0;
  for (; !sliced->done(); ++slices) sliced->advance_while(times(0));
  EXPECT_GT(slices, 1);
  EXPECT_EQ(sliced->loss_nats(), whole->loss_nats());
}

/// An evaluation is told to nobody; only what is observed moves a plateau schedule.
TEST(Plateau, LearnsOfALossOnlyWhenItIsTold) {
  TrainConfig config = kTrain;
  config.schedule = ScheduleConfig{.kind = ScheduleKind::kPlateau, .factor = 0.5, .patience = 0};
  LanguageTrainer trainer(kModel, config, some_text(600)), told(kModel, config, some_text(600));
  const double rate = trainer.learning_rate();
  const std::vector<std::uint8_t> state = trainer.save_state();
  for (int i = 0; i < 3; ++i) {
    for (const Part part : {Part::kValidation, Part::kTest, Part::kTrain}) {
      trainer.evaluate(part)->advance_while([] { return true; });
    }
  }
  EXPECT_EQ(trainer.learning_rate(), rate);
  EXPECT_EQ(trainer.save_state(), state);
  told.observe_validation(2.0);
  EXPECT_EQ(told.learning_rate(), rate);
  for (double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    expect_error(ErrorCode::kNotFinite, "observe_validation", [&] { told.observe_validation(bad); });
  }
  EXPECT_EQ(told.learning_rate(), rate);
  told.observe_validation(2.0);
  EXPECT_EQ(told.learning_rate(), rate / 2.0);
  // Others do not look at it.
  LanguageTrainer plain = a_trainer();
  plain.observe_validation(2.0);
  plain.observe_validation(2.0);
  EXPECT_EQ(plain.learning_rate(), rate);
}

}  // namespace
}  // namespace unroll::testing::trained_slice_test
