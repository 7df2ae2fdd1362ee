
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/expect_error.h"
#include "support/language_trainer.h"
#include "support/some_text.h"
#include "support/state_dict.h"
#include "unroll/inference/evaluation.h"
#include "unroll/inference/generator.h"
#include "unroll/model/state_dict.h"
#include "unroll/nn/clipping.h"

namespace unroll::testing::trainer_test {
namespace {

const ModelConfig kModel{
    .network = {.cell = CellKind::kLstm, .hidden_size = 9, .num_layers = 2, .dropout = 0.2}};
const TrainConfig kTrain{.batch_size = 3, .seq_len = 7, .clip_norm = 0.05, .split = {0.8, 0.1, 0.1}};

std::uint64_t fingerprint_after(LanguageTrainer& trainer, int steps) {
  for (int i = 0; i < steps; ++i) trainer.train_step();
  return fingerprint(trainer.model()->parameters());
}

/// What the documentation of Trainer says, done by hand.
TEST(Trainer, DoesWhatItSays) {
  const std::u32string text = some_text(400);
  LanguageTrainer trainer(kModel, kTrain, text);

  const Vocabulary vocabulary = Vocabulary::from_text(text);
  const std::vector<TokenId> tokens = vocabulary.encode(text);
  const Index train_size = 320, stream = (train_size - 1) / 3, chunks = stream / 7;
  ModelConfig config = kModel;
  config.vocab_size = vocabulary.size();
  LanguageModel<float> model(config);
  Optimizer<float> optimizer(kTrain.optimizer);
  Rng rng(kModel.network.seed, Rng::Purpose::kDropout);
  StackState<float> state;
  model.make_state(3, state);
  EXPECT_EQ(trainer.steps_per_epoch(), chunks);
  for (Index step = 0; step < 2 * chunks + 2; ++step) {
    const Index chunk = step % chunks;
    if (chunk == 0) model.make_state(3, state);
    std::vector<TokenId> ids, targets;
    for (Index t = 0; t < 7; ++t) {
      for (Index b = 0; b < 3; ++b) {
        const auto at = static_cast<std::size_t>(b * stream + chunk * 7 + t);
        ids.push_back(tokens[at]);
        targets.push_back(tokens[at + 1]);
      }
    }
    const double loss =
        model.loss_and_gradients(ids.data(), targets.data(), 7, 3, state, Dropout::kDraw, &rng);
    const double norm = gradient_norm(model.parameters());
    optimizer.update(model.parameters(), std::min(1.0, 0.05 / (norm + 1e-6)));
    EXPECT_EQ(trainer.epoch(), step / chunks);
    const Trainer::Step taken = trainer.train_step();
    EXPECT_EQ(taken.loss_nats, loss) << step;
    EXPECT_EQ(taken.gradient_norm, norm) << step;
    EXPECT_EQ(trainer.steps(), step + 1);
  }
  EXPECT_EQ(fingerprint(trainer.model()->parameters()), fingerprint(model.parameters()));
}

TEST(Trainer, IsNotDisturbedByEvaluationsSamplesAndOtherTrainers) {
  const std::u32string text = some_text(400);
  LanguageTrainer straight(kModel, kTrain, text), disturbed(kModel, kTrain, text),
      other(kModel, kTrain, text);
  for (int i = 0; i < 20; ++i) {
    straight.train_step();
    disturbed.train_step();
    disturbed.evaluate(Part::kValidation)->advance_while([] { return true; });
    const TokenId prompt[] = {0, 1, 2};
    Generator generator(disturbed.model(), prompt, {}, 5);
    for (int j = 0; j < 4; ++j) generator.next();
    other.train_step();
    other.train_step();
  }
  EXPECT_EQ(fingerprint(straight.model()->parameters()), fingerprint(disturbed.model()->parameters()));
}

TEST(Trainer, RewindsToTheSameRun) {
  LanguageTrainer trainer(kModel, kTrain, some_text(400));
  const std::uint64_t start = fingerprint(trainer.model()->parameters());
  const std::uint64_t first = fingerprint_after(trainer, 23);
  trainer.set_learning_rate(0.5);
  trainer.train_step();
  trainer.rewind();
  EXPECT_EQ(trainer.steps(), 0);
  EXPECT_EQ(trainer.epoch(), 0);
  EXPECT_TRUE(trainer.recent_losses().values().empty());
  EXPECT_EQ(fingerprint(trainer.model()->parameters()), start);
  EXPECT_EQ(fingerprint_after(trainer, 23), first);
}

TEST(Trainer, TellsTheMeanOfTheLastFiftyLosses) {
  LanguageTrainer trainer(kModel, kTrain, some_text(400));
  std::vector<double> losses;
  for (int i = 0; i < 60; ++i) {
    const auto [loss, norm, recent] = trainer.train_step();
    losses.push_back(loss);
    const std::size_t from = losses.size() > 50 ? losses.size() - 50 : 0;
    double sum = 0.0;
    for (std::size_t j = from; j < losses.size(); ++j) sum += losses[j];
    EXPECT_EQ(recent, sum / static_cast<double>(losses.size() - from)) << i;
  }
}

TEST(Trainer, LearningRateZeroLeavesEveryBit) {
  TrainConfig config = kTrain;
  config.optimizer.learning_rate = 0.0;
  LanguageTrainer trainer(kModel, config, some_text(400));
  const std::uint64_t start = fingerprint(trainer.model()->parameters());
  EXPECT_EQ(fingerprint_after(trainer, 10), start);
  trainer.set_learning_rate(1e-3);
  EXPECT_NE(fingerprint_after(trainer, 1), start);
}

TEST(Trainer, EachUpdateHasTheRateOfItsStep) {
  TrainConfig config = kTrain;
  config.clip_norm = 0.0;
  config.optimizer = OptimizerConfig::defaults(OptimizerKind::kSgd);
  config.optimizer.learning_rate = 0.5;
  config.schedule = ScheduleConfig{.kind = ScheduleKind::kStep, .step_size = 1, .gamma = 0.5};
  LanguageTrainer trainer(kModel, config, some_text(400));
  for (double rate = 0.5; rate > 0.05; rate /= 2.0) {
    EXPECT_EQ(trainer.learning_rate(), rate);
    trainer.train_step();
    // What the weights' rounding leaves of it.
    for (const ParameterStatistics& s : trainer.parameter_statistics()) {
      EXPECT_NEAR(s.update_norm, rate * s.gradient_norm, 0.01 * rate * s.gradient_norm) << s.name;
    }
  }
}

TEST(Trainer, StopsBeforeAStepThatIsNotFinite) {
  TrainConfig config = kTrain;
  config.clip_norm = 0.0;
  config.optimizer = OptimizerConfig::defaults(OptimizerKind::kSgd);
  config.optimizer.learning_rate = 1e9;
  ModelConfig relu = kModel;
  relu.network.cell = CellKind::kRnnRelu;
  LanguageTrainer trainer(relu, config, some_text(400));
  const std::uint64_t start = fingerprint(trainer.model()->parameters());
  std::int64_t step = 0;
  const std::string message = message_of(ErrorCode::kNotFinite, [&] {
    while (step < 100) {
      ++step;
      trainer.train_step();
    }
  });
  EXPECT_EQ(step, 2);  // the first has made the weights enormous
  EXPECT_NE(message.find("step 2 "), std::string::npos) << message;
  EXPECT_EQ(trainer.steps(), 0);
  EXPECT_EQ(fingerprint(trainer.model()->parameters()), start);
}

/// A loss of 1e28 is finite, but 1e37 back through the head times a state of 1000 is not.
TEST(Trainer, StopsWhenOnlyTheGradientIsNotFinite) {
  LanguageTrainer trainer({.network = {.cell = CellKind::kRnnRelu, .hidden_size = 2}}, kTrain,
                          some_text(400));
  Parameters<float>& parameters = trainer.model()->parameters();
  parameters.values().fill_zero();
  Array<double> bias(2, 1), head(trainer.vocabulary()->size(), 2);
  bias[0] = 1e-10;
  bias[1] = 1000.0;
  for (Index v = 0; v < head.rows(); ++v) head(v, 0) = v % 2 == 0 ? 3e38 : -3e38;
  set_value(parameters, id_of(parameters, "rnn.bias_ih_l0"), bias);
  set_value(parameters, id_of(parameters, "head.weight"), head);
  const std::uint64_t before = fingerprint(parameters);
  expect_error(ErrorCode::kNotFinite, "gradient", [&] { trainer.train_step(); });
  EXPECT_EQ(fingerprint(parameters), before);
}

TEST(Trainer, EvaluatesAPartAsOneStream) {
  const std::u32string text = some_text(2000);
  LanguageTrainer trainer(kModel, {.batch_size = 3, .seq_len = 7, .split = {0.4, 0.4, 0.2}}, text);
  fingerprint_after(trainer, 5);
  const std::span<const TokenId> tokens = trainer.tokens(Part::kValidation);
  ASSERT_EQ(tokens.size(), 800u);
  Evaluation evaluation(trainer.model(), tokens);
  std::vector<double> log_probs(Evaluation::kPiece), all;
  for (Index count; (count = evaluation.advance(log_probs.data())) > 0;) {
    all.insert(all.end(), log_probs.begin(), log_probs.begin() + count);
  }
  const auto own = trainer.evaluate(Part::kValidation);
  own->advance_while([] { return true; });
  EXPECT_TRUE(own->done());
  EXPECT_EQ(own->positions(), 799);
  EXPECT_EQ(own->loss_nats(), evaluation.loss_nats());
  EXPECT_EQ(own->measure().name, std::string("bitsPerChar"));
  EXPECT_DOUBLE_EQ(own->measure().value, own->loss_nats() / std::log(2.0));

  StackState<float> state;
  trainer.model()->make_state(1, state);
  std::vector<double> whole(799);
  const double nats =
      trainer.model()->evaluate(tokens.data(), tokens.data() + 1, 799, 1, state, whole.data());
  EXPECT_EQ(all, whole);
  EXPECT_NEAR(evaluation.loss_nats(), nats / 799.0, 1e-12);
}

TEST(Trainer, RefusesTextsThatAreTooShort) {
  expect_error(ErrorCode::kTextTooShort, "", [] { LanguageTrainer(kModel, kTrain, U""); });
  expect_error(ErrorCode::kTextTooShort, "", [] { LanguageTrainer(kModel, kTrain, U"abc"); });
  const LanguageTrainer trainer(kModel, {.batch_size = 1, .seq_len = 5, .split = {1.0, 0.0, 0.0}},
                                some_text(50));
  expect_error(ErrorCode::kTextTooShort, "at least 2", [&] { trainer.evaluate(Part::kTest); });
}

}  // namespace
}  // namespace unroll::testing::trainer_test
