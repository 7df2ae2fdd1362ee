#include "unroll/training/starting_model.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/language_trainer.h"
#include "support/some_text.h"
#include "support/state_dict.h"
#include "unroll/model/state_dict.h"

/// A training that starts from a model: its weights, its tokens, and rows for characters that are new to it.
namespace unroll::testing::starting_model_test {
namespace {

/// In another order than that of a text, so that tokens which move would be seen.
const Vocabulary kKnown(U"ihgfedcba");
const TrainConfig kTrain{.batch_size = 3, .seq_len = 7};

ModelConfig network(CellKind cell, Index embedding_dim) {
  return {.network = {.cell = cell, .hidden_size = 9, .num_layers = 2, .dropout = 0.3, .seed = 5},
          .vocab_size = kKnown.size(),
          .embedding_dim = embedding_dim};
}

std::u32string with_new_characters() {
  return some_text(300) + U"zéz";
}

class Starting : public ::testing::TestWithParam<std::tuple<CellKind, Index>> {
 protected:
  ModelConfig config = network(std::get<0>(GetParam()), std::get<1>(GetParam()));
  LanguageModel<float> model{config};
  StartingModel start{.model = model, .vocabulary = kKnown};
};

TEST_P(Starting, HasTheWeightsAndTheTokensOfTheModel) {
  ModelConfig other = config;
  other.network.seed = 6;
  LanguageTrainer trainer(other, kTrain, some_text(300), &start);
  EXPECT_EQ(*trainer.vocabulary(), kKnown);
  EXPECT_EQ(fingerprint(trainer.model()->parameters()), fingerprint(model.parameters()));
  trainer.train_step();
  EXPECT_NE(fingerprint(trainer.model()->parameters()), fingerprint(model.parameters()));
}

TEST_P(Starting, GrowsByWhatAFreshNetworkWouldHaveThere) {
  start.grow_vocabulary = true;
  ModelConfig grown = config;
  grown.network.seed = 6;
  const LanguageTrainer trainer(grown, kTrain, with_new_characters(), &start);
  EXPECT_EQ(trainer.vocabulary()->characters(), U"ihgfedcbazé");
  grown.vocab_size = 11;
  const LanguageModel<float> fresh(grown);
  const Parameters<float>& parameters = trainer.model()->parameters();
  int from_fresh = 0;
  for (Index id = 0; id < parameters.count(); ++id) {
    const Array<double> values = value_of(parameters, id), known = value_of(model.parameters(), id),
                        drawn = value_of(fresh.parameters(), id);
    ASSERT_EQ(values.rows(), drawn.rows());
    for (Index row = 0; row < values.rows(); ++row) {
      for (Index column = 0; column < values.cols(); ++column) {
        const bool is_known = row < known.rows() && column < known.cols();
        from_fresh += !is_known;
        EXPECT_EQ(values(row, column), is_known ? known(row, column) : drawn(row, column))
            << parameters.spec(id).name << " " << row << " " << column;
      }
    }
  }
  const Index inputs =
      config.embedding_dim > 0 ? config.embedding_dim : 9 * cell<float>(config.network.cell).gates;
  EXPECT_EQ(from_fresh, 2 * (inputs + 9 + 1));
}

TEST_P(Starting, RewindsToWhereItStarted) {
  start.grow_vocabulary = true;
  LanguageTrainer trainer(config, kTrain, with_new_characters(), &start);
  const auto before = fingerprint(trainer.model()->parameters());
  const double first = trainer.train_step().loss_nats;
  trainer.train_step();
  trainer.rewind();
  EXPECT_EQ(fingerprint(trainer.model()->parameters()), before);
  EXPECT_EQ(trainer.train_step().loss_nats, first);
}

TEST_P(Starting, IsRestoredByATrainerOfTheSameTokens) {
  LanguageTrainer trainer(config, kTrain, some_text(300), &start);
  trainer.train_step();
  const std::vector<std::uint8_t> state = trainer.save_state();
  const auto next = trainer.train_step().loss_nats;

  ModelConfig other = config;
  other.network.seed = 8;
  const LanguageModel<float> elsewhere(other);
  const StartingModel same_tokens{.model = elsewhere, .vocabulary = kKnown};
  LanguageTrainer restored(config, kTrain, some_text(300), &same_tokens);
  restored.restore_state(state);
  EXPECT_EQ(restored.train_step().loss_nats, next);

  const Vocabulary sorted(U"abcdefghi");
  const StartingModel other_tokens{.model = elsewhere, .vocabulary = sorted};
  LanguageTrainer refusing(config, kTrain, some_text(300), &other_tokens);
  expect_error(ErrorCode::kInvalidConfig, "vocabulary=", [&] { refusing.restore_state(state); });
  LanguageTrainer fresh(config, kTrain, some_text(300));
  expect_error(ErrorCode::kInvalidConfig, "vocabulary=", [&] { fresh.restore_state(state); });
}

INSTANTIATE_TEST_SUITE_P(Cells, Starting,
                         ::testing::Combine(::testing::ValuesIn(kAllCells), ::testing::Values(0, 4)));

TEST(StartingModel, NamesCharactersThatAreForeign) {
  const LanguageModel<float> model(network(CellKind::kGru, 0));
  const StartingModel start{.model = model, .vocabulary = kKnown};
  expect_error(ErrorCode::kNotInVocabulary, "Trainer: U+007A 'z' at position 300, U+00E9",
               [&] { LanguageTrainer(network(CellKind::kGru, 0), kTrain, with_new_characters(), &start); });
}

TEST(StartingModel, RefusesAnotherNetworkByName) {
  const LanguageModel<float> model(network(CellKind::kGru, 0));
  const StartingModel start{.model = model, .vocabulary = kKnown};
  const auto refusal = [&](ModelConfig config, const char* what) {
    expect_error(ErrorCode::kInvalidConfig, what,
                 [&] { LanguageTrainer(config, kTrain, some_text(300), &start); });
  };
  refusal(network(CellKind::kLstm, 0), "cell=lstm instead of cell=gru");
  refusal(network(CellKind::kGru, 4), "embedding_dim=4 instead of embedding_dim=0");
  ModelConfig config = network(CellKind::kGru, 0);
  config.network.hidden_size = 10;
  refusal(config, "hidden_size=10 instead of hidden_size=9");
  config = network(CellKind::kGru, 0);
  config.network.num_layers = 1;
  refusal(config, "num_layers=1 instead of num_layers=2");
}

TEST(StartingModel, OfAVocabularyThatGrowsTooLargeIsRefused) {
  const LanguageModel<float> model(network(CellKind::kGru, 0));
  const StartingModel start{.model = model, .vocabulary = kKnown, .grow_vocabulary = true};
  std::u32string text;
  for (Index i = 0; i < kMaxVocabSize; ++i) text.push_back(static_cast<char32_t>(0x4E00 + i));
  expect_error(ErrorCode::kTooBig, "4105 distinct characters",
               [&] { LanguageTrainer(network(CellKind::kGru, 0), kTrain, text, &start); });
}

}  // namespace
}  // namespace unroll::testing::starting_model_test
