#include "unroll/training/shard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/expect_error.h"
#include "support/language_trainer.h"
#include "support/some_text.h"
#include "unroll/model/state_dict.h"

namespace unroll::testing::shard_test {
namespace {

const std::u32string kText = some_text(700);
const ModelConfig kModel{
    .network = {.cell = CellKind::kLstm, .hidden_size = 9, .num_layers = 2, .dropout = 0.2}};
const TrainConfig kTrain{.batch_size = 5, .seq_len = 7, .clip_norm = 0.05, .split = {0.8, 0.1, 0.1}};

TrainConfig shard_of(Index index, Index count, TrainConfig config = kTrain) {
  config.shard = {.index = index, .count = count};
  return config;
}

std::uint64_t bits(const LanguageTrainer& trainer) {
  return fingerprint(trainer.model()->parameters());
}

/// N trainers that exchange what they compute.
struct Replicas {
  Replicas(const ModelConfig& model, Index count, const TrainConfig& config = kTrain) {
    for (Index i = 0; i < count; ++i) all.emplace_back(model, shard_of(i, count, config), kText);
  }

  std::vector<Trainer::Step> train_step() {
    std::vector<Trainer::Gradients> gradients = compute();
    std::vector<std::vector<float>> copies;
    for (Trainer::Gradients& own : gradients) {
      copies.emplace_back(own.values.begin(), own.values.end());
    }
    for (std::size_t i = 0; i < gradients.size(); ++i) gradients[i].values = copies[i];
    std::vector<Trainer::Step> steps;
    for (LanguageTrainer& trainer : all) steps.push_back(trainer.apply(gradients));
    return steps;
  }
  std::vector<Trainer::Gradients> compute() {
    std::vector<Trainer::Gradients> gradients;
    for (LanguageTrainer& trainer : all) gradients.push_back(trainer.gradients());
    return gradients;
  }
  void expect_equal() const {
    for (const LanguageTrainer& trainer : all) EXPECT_EQ(bits(trainer), bits(all.front()));
  }

  std::vector<LanguageTrainer> all;
};

TEST(Shard, DealsStreamsOut) {
  EXPECT_EQ((Shard{.index = 0, .count = 2}.streams(5).size()), 2);
  EXPECT_EQ((Shard{.index = 1, .count = 2}.streams(5).begin), 2);
  for (Index count = 1; count <= kMaxShards; ++count) {
    for (Index batch_size : {count, count + 1, Index{64}}) {
      Index next = 0;
      for (Index i = 0; i < count; ++i) {
        const StreamRange range = Shard{.index = i, .count = count}.streams(batch_size);
        EXPECT_EQ(range.begin, next);
        EXPECT_GE(range.size(), batch_size / count);
        EXPECT_LE(range.size(), batch_size / count + 1);
        next = range.end;
      }
      EXPECT_EQ(next, batch_size);
    }
  }
}

TEST(Shard, DrawsDropoutMasksOfItsOwn) {
  Rng ordinary(7, Rng::Purpose::kDropout);
  EXPECT_EQ((Shard{.index = 0, .count = 1}.dropout_rng(7).state()), ordinary.state());
  EXPECT_EQ((Shard{.index = 0, .count = 3}.dropout_rng(7).state()), ordinary.state());
  EXPECT_NE((Shard{.index = 1, .count = 3}.dropout_rng(7).state()), ordinary.state());
  EXPECT_NE((Shard{.index = 2, .count = 3}.dropout_rng(7).state()),
            (Shard{.index = 1, .count = 3}.dropout_rng(7).state()));
}

TEST(Shard, IsRefusedOutOfRange) {
  const auto make = [](Index index, Index count) { LanguageTrainer(kModel, shard_of(index, count), kText); };
  expect_error(ErrorCode::kInvalidConfig, "shard.index is 2, expected 0 to 1", [&] { make(2, 2); });
  expect_error(ErrorCode::kInvalidConfig, "shard.index is -1", [&] { make(-1, 2); });
  expect_error(ErrorCode::kInvalidConfig, "shard.count is 0", [&] { make(0, 0); });
  expect_error(ErrorCode::kInvalidConfig, "shard.count is 17", [&] { make(0, kMaxShards + 1); });
  expect_error(ErrorCode::kInvalidConfig, "batch_size is 5, expected at least 6",
               [&] { make(0, 6); });  // five streams
}

TEST(Replicas, OneAloneStepsAsAnOrdinaryTrainer) {
  LanguageTrainer ordinary(kModel, kTrain, kText);
  Replicas one(kModel, 1);
  for (int i = 0; i < 30; ++i) {
    const Trainer::Step expected = ordinary.train_step();
    const Trainer::Step taken = one.train_step().front();
    EXPECT_EQ(taken.loss_nats, expected.loss_nats);
    EXPECT_EQ(taken.gradient_norm, expected.gradient_norm);
  }
  EXPECT_EQ(bits(one.all.front()), bits(ordinary));
}

TEST(Replicas, ComeToTheSameBits) {
  for (Index count : {2, 3, 5}) {
    Replicas first(kModel, count), second(kModel, count);
    for (int i = 0; i < 40; ++i) {
      const std::vector<Trainer::Step> steps = first.train_step();
      second.train_step();
      for (const Trainer::Step& step : steps) {
        EXPECT_EQ(step.loss_nats, steps.front().loss_nats);
        EXPECT_EQ(step.gradient_norm, steps.front().gradient_norm);
      }
    }
    first.expect_equal();
    EXPECT_EQ(bits(first.all.front()), bits(second.all.front()));
  }
}

/// Uneven shares too: five streams in two or three parts.
TEST(Replicas, TrainAsOneToRounding) {
  ModelConfig model = kModel;
  model.network.dropout = 0.0;
  for (Index embedding : {0, 6}) {
    model.embedding_dim = embedding;
    for (Index count : {2, 3}) {
      LanguageTrainer ordinary(model, kTrain, kText);
      Replicas replicas(model, count);
      for (int i = 0; i < 20; ++i) {
        const Trainer::Step expected = ordinary.train_step();
        const Trainer::Step taken = replicas.train_step().front();
        EXPECT_NEAR(taken.loss_nats, expected.loss_nats, 1e-4) << i;
        EXPECT_NEAR(taken.gradient_norm, expected.gradient_norm, 1e-4 * expected.gradient_norm) << i;
      }
    }
  }
}

TEST(Replicas, AllGoBackWhenOneDiverges) {
  Replicas replicas(kModel, 2), straight(kModel, 2);
  for (int i = 0; i < 60; ++i) {
    replicas.train_step();
    straight.train_step();
  }
  std::vector<Trainer::Gradients> gradients = replicas.compute();
  std::vector<float> first(gradients[0].values.begin(), gradients[0].values.end());
  std::vector<float> second(gradients[1].values.begin(), gradients[1].values.end());
  second[3] = std::numeric_limits<float>::quiet_NaN();
  gradients[0].values = first;
  gradients[1].values = second;
  for (LanguageTrainer& trainer : replicas.all) {
    try {
      trainer.apply(gradients);
      ADD_FAILURE() << "the step was taken";
    } catch (const DivergedError& error) {
      EXPECT_EQ(error.divergence().step, 61);
      EXPECT_EQ(error.divergence().of, Divergence::Of::kGradient);
      EXPECT_EQ(error.divergence().resumed_at_step, 50);
    }
    EXPECT_EQ(trainer.steps(), 50);
  }
  replicas.expect_equal();
  for (int i = 0; i < 10; ++i) replicas.train_step();
  EXPECT_EQ(bits(replicas.all.front()), bits(straight.all.front()));
}

TEST(Replicas, AllGoBackWhenALossIsNotFinite) {
  Replicas replicas(kModel, 2);
  std::vector<Trainer::Gradients> gradients = replicas.compute();
  gradients[1].loss_nats = std::numeric_limits<double>::infinity();
  const std::vector<float> first(gradients[0].values.begin(), gradients[0].values.end());
  const std::vector<float> second(gradients[1].values.begin(), gradients[1].values.end());
  gradients[0].values = first;
  gradients[1].values = second;
  for (LanguageTrainer& trainer : replicas.all) {
    EXPECT_THROW(trainer.apply(gradients), DivergedError);
    EXPECT_EQ(trainer.steps(), 0);
  }
  replicas.train_step();
  replicas.expect_equal();
}

TEST(Replicas, GoOnFromSavedStates) {
  Replicas straight(kModel, 2), resumed(kModel, 2);
  for (int i = 0; i < 23; ++i) straight.train_step();
  for (std::size_t i = 0; i < 2; ++i) resumed.all[i].restore_state(straight.all[i].save_state());
  for (int i = 0; i < 20; ++i) {
    straight.train_step();
    resumed.train_step();
  }
  resumed.expect_equal();
  EXPECT_EQ(bits(resumed.all.front()), bits(straight.all.front()));
  // Each state belongs to its own replica.
  expect_error(ErrorCode::kInvalidConfig, "shard_index=1 instead of shard_index=0",
               [&] { resumed.all[0].restore_state(straight.all[1].save_state()); });
  LanguageTrainer ordinary(kModel, kTrain, kText);
  expect_error(ErrorCode::kInvalidConfig, "shard_index=0 instead of nothing",
               [&] { ordinary.restore_state(straight.all[0].save_state()); });
}

TEST(Replicas, StartAnewAfterRewind) {
  Replicas replicas(kModel, 2);
  for (int i = 0; i < 5; ++i) replicas.train_step();
  const std::uint64_t reached = bits(replicas.all.front());
  replicas.compute();  // in the middle of a step
  for (LanguageTrainer& trainer : replicas.all) trainer.rewind();
  for (int i = 0; i < 5; ++i) replicas.train_step();
  replicas.expect_equal();
  EXPECT_EQ(bits(replicas.all.front()), reached);
}

TEST(Replicas, RefuseCallsOutOfOrderAndStayUsable) {
  Replicas replicas(kModel, 2);
  LanguageTrainer& trainer = replicas.all.front();
  expect_error(ErrorCode::kWrongState, "one of 2 replicas", [&] { trainer.train_step(); });
  expect_error(ErrorCode::kWrongState, "call gradients() first", [&] { trainer.apply({}); });
  const std::vector<Trainer::Gradients> gradients = replicas.compute();
  expect_error(ErrorCode::kWrongState, "in the middle of a step", [&] { trainer.gradients(); });
  expect_error(ErrorCode::kWrongState, "in the middle of a step", [&] { trainer.save_state(); });
  expect_error(ErrorCode::kWrongState, "in the middle of a step", [&] { trainer.parameter_statistics(); });
  expect_error(ErrorCode::kWrongState, "in the middle of a step", [&] { trainer.set_schedule({}); });
  expect_error(ErrorCode::kWrongState, "in the middle of a step",
               [&] { trainer.configure_optimizer(kTrain.optimizer); });
  expect_error(ErrorCode::kInvalidArgument, "of 1 replicas, expected 2",
               [&] { trainer.apply(std::span(gradients).first(1)); });
  std::vector<Trainer::Gradients> shorter = gradients;
  shorter[1].values = shorter[1].values.first(8);
  expect_error(ErrorCode::kShapeMismatch, "of replica 1 are 8 numbers", [&] { trainer.apply(shorter); });
  EXPECT_EQ(trainer.apply(gradients).loss_nats, gradients[0].loss_nats + gradients[1].loss_nats);
}

TEST(Replicas, FollowASchedule) {
  TrainConfig config = kTrain;
  config.schedule = ScheduleConfig{.kind = ScheduleKind::kStep, .step_size = 2, .gamma = 0.5};
  Replicas replicas(kModel, 2, config);
  for (int i = 0; i < 4; ++i) replicas.train_step();
  for (const LanguageTrainer& trainer : replicas.all) {
    EXPECT_DOUBLE_EQ(trainer.learning_rate(), config.optimizer.learning_rate / 4);
  }
  config.schedule->kind = ScheduleKind::kPlateau;
  expect_error(ErrorCode::kInvalidConfig, "plateau", [&] { Replicas(kModel, 2, config); });
}

}  // namespace
}  // namespace unroll::testing::shard_test
