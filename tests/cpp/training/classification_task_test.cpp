#include "unroll/training/classification_task.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <string>

#include "support/expect_error.h"
#include "unroll/model/state_dict.h"
#include "unroll/training/trainer.h"

namespace unroll::testing::classification_task_test {
namespace {

const SequenceModelConfig kModel{
    .network = {.cell = CellKind::kGru, .hidden_size = 8, .num_layers = 2, .dropout = 0.2}, .output_size = 2};
const TrainConfig kTrain{.batch_size = 7, .optimizer = {.learning_rate = 0.01}, .split = {0.8, 0.1, 0.1}};

/// Words of a and b, which end in the letter of their class.
struct Data {
  std::u32string lines;
  std::vector<TokenId> labels;
  LabelledLines view() const { return {.lines = lines, .labels = labels}; }
};

Data some_lines(Index count) {
  Rng rng(3, Rng::Purpose::kTask);
  Data data;
  for (Index i = 0; i < count; ++i) {
    if (i > 0) data.lines += U'\n';
    for (std::uint64_t n = 1 + rng.below(6); n > 0; --n) data.lines += rng.below(2) == 0 ? U'a' : U'b';
    const auto label = static_cast<TokenId>(rng.below(2));
    data.lines += label == 0 ? U'a' : U'b';
    data.labels.push_back(label);
  }
  return data;
}

struct Trained {
  explicit Trained(const TrainConfig& config = kTrain, const StartingClassifier* start = nullptr)
      : task(std::make_shared<ClassificationTask>(kModel, config, some_lines(100).view(), start)),
        trainer(task, config) {}

  std::uint64_t bits() const { return fingerprint(task->model()->parameters()); }
  void train(int steps) {
    for (int i = 0; i < steps; ++i) trainer.train_step();
  }

  std::shared_ptr<ClassificationTask> task;
  Trainer trainer;
};

TEST(ClassificationTask, LearnsWhatEndsALine) {
  Trained own;
  own.train(150);
  for (const Part part : {Part::kTrain, Part::kValidation, Part::kTest}) {
    const auto evaluation = own.task->evaluate(part);
    evaluation->advance_while([] { return true; });
    EXPECT_TRUE(evaluation->done());
    EXPECT_EQ(evaluation->positions(), own.task->size(part));
    EXPECT_EQ(evaluation->measure().name, std::string("accuracy"));
    EXPECT_EQ(evaluation->measure().value, 1.0);
    EXPECT_LT(evaluation->loss_nats(), 0.1);
  }
}

/// In the middle of an epoch too, whatever epochs lie before.
TEST(ClassificationTask, GoesOnFromASavedStateToTheSameBits) {
  for (const int steps : {0, 1, 12, 13, 30}) {
    Trained own;
    own.train(steps);
    const auto state = own.trainer.save_state();
    Trained fresh, used;
    used.train(17);
    for (Trained* other : {&fresh, &used}) {
      other->trainer.restore_state(state);
      EXPECT_EQ(other->bits(), own.bits());
    }
    own.train(20);
    fresh.train(20);
    used.train(20);
    EXPECT_EQ(fresh.bits(), own.bits());
    EXPECT_EQ(used.bits(), own.bits());
    EXPECT_EQ(fresh.trainer.epoch(), own.trainer.epoch());
  }
}

TEST(ClassificationTask, RewindsToTheSameRun) {
  Trained own;
  const std::uint64_t start = own.bits();
  own.train(30);
  const std::uint64_t after = own.bits();
  own.trainer.rewind();
  EXPECT_EQ(own.bits(), start);
  own.train(30);
  EXPECT_EQ(own.bits(), after);
}

/// With weights that stay, the mean of an epoch's losses is that of its lines.
TEST(ClassificationTask, ReadsEachLineOnceInAnEpochInAnotherOrderEachTime) {
  SequenceModelConfig model = kModel;
  model.network.dropout = 0.0;
  TrainConfig config = kTrain;
  config.batch_size = 8;
  config.optimizer = {.kind = OptimizerKind::kSgd, .learning_rate = 1e-12};
  Trainer trainer(std::make_shared<ClassificationTask>(model, config, some_lines(100).view()), config);
  ASSERT_EQ(trainer.steps_per_epoch(), 10);  // of 80 lines
  const auto expected = trainer.task().evaluate(Part::kTrain);
  expected->advance_while([] { return true; });
  std::vector<double> before;
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::vector<double> losses;
    for (int step = 0; step < 10; ++step) {
      EXPECT_EQ(trainer.epoch(), epoch);
      losses.push_back(trainer.train_step().loss_nats);
    }
    EXPECT_NEAR(std::accumulate(losses.begin(), losses.end(), 0.0) / 10, expected->loss_nats(), 1e-6);
    EXPECT_NE(losses, before);
    before = losses;
  }
}

/// 80 = 11 * 7 + 3: the last batch of an epoch leaves one of four replicas without a line.
TEST(ClassificationTask, ReplicasTakeTheSameStepsAndTogetherThoseOfOne) {
  SequenceModelConfig model = kModel;
  model.network.dropout = 0.0;
  const Data data = some_lines(100);
  const auto make = [&](Index index, Index count) {
    TrainConfig config = kTrain;
    config.shard = {.index = index, .count = count};
    return std::make_shared<ClassificationTask>(model, config, data.view());
  };
  std::vector<std::shared_ptr<ClassificationTask>> tasks;
  std::vector<Trainer> replicas;
  for (Index i = 0; i < 4; ++i) {
    TrainConfig config = kTrain;
    config.shard = {.index = i, .count = 4};
    tasks.push_back(make(i, 4));
    replicas.emplace_back(tasks.back(), config);
  }
  Trainer alone(make(0, 1), kTrain);
  for (int step = 0; step < 30; ++step) {
    std::vector<Trainer::Gradients> gradients;
    for (Trainer& replica : replicas) gradients.push_back(replica.gradients());
    std::vector<std::vector<float>> copies;
    for (auto& own : gradients) {
      copies.emplace_back(own.values.begin(), own.values.end());
      own.values = copies.back();
    }
    const double expected = alone.train_step().loss_nats;
    for (Trainer& replica : replicas) EXPECT_NEAR(replica.apply(gradients).loss_nats, expected, 1e-4);
  }
  for (const auto& task : tasks)
    EXPECT_EQ(fingerprint(task->model()->parameters()), fingerprint(tasks[0]->model()->parameters()));
}

TEST(ClassificationTask, GoesBackWhenALossIsNotFinite) {
  Trained own;
  own.train(3);
  const std::uint64_t good = own.bits();
  auto& parameters = own.task->model()->parameters();
  parameters.value(parameters.count() - 1)[0] = std::numeric_limits<float>::infinity();
  parameters.changed();
  EXPECT_THROW(own.trainer.train_step(), DivergedError);
  EXPECT_LE(own.trainer.steps(), 3);
  own.train(static_cast<int>(3 - own.trainer.steps()));
  EXPECT_EQ(own.bits(), good);
}

TEST(ClassificationTask, StartsFromAClassifier) {
  Trained own;
  own.train(20);
  const StartingClassifier start{*own.task->model(), own.task->vocabulary()};
  Trained next(kTrain, &start);
  EXPECT_EQ(next.bits(), own.bits());
  next.train(5);
  next.trainer.rewind();
  EXPECT_EQ(next.bits(), own.bits());
  expect_error(ErrorCode::kInvalidConfig,
               "vocabulary=", [&] { Trained().trainer.restore_state(next.trainer.save_state()); });
}

TEST(ClassificationTask, RefusesDataThatDoNotFit) {
  const auto make = [](std::u32string_view lines, std::vector<TokenId> labels) {
    return [=] { ClassificationTask(kModel, kTrain, {.lines = lines, .labels = labels}); };
  };
  expect_error(ErrorCode::kInvalidArgument, "the length of line 1 is 0, expected 1 to 4096",
               make(U"a\n\nb", {0, 1, 0}));
  expect_error(ErrorCode::kShapeMismatch, "not one label for each line",
               make(U"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk", {0, 1}));
  expect_error(ErrorCode::kInvalidArgument, "the label of line 9 is 2, expected 0 to 1",
               make(U"a\nb\nc\nd\ne\nf\ng\nh\ni\nj", {0, 1, 0, 0, 0, 0, 0, 0, 0, 2}));
  expect_error(ErrorCode::kTextTooShort, "", make(U"a\nb", {0, 1}));
}

}  // namespace
}  // namespace unroll::testing::classification_task_test
