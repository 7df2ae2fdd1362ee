#include "unroll/model/config.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/expect_error.h"
#include "unroll/model/language_model.h"
#include "unroll/model/rnn.h"
#include "unroll/training/train_config.h"

namespace unroll::testing::config_test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ModelConfig good_model() {
  return {.network = {.cell = CellKind::kLstm, .hidden_size = 128}, .vocab_size = 65};
}

template <class Config, class Change>
void refuses(Config config, const std::string& part, Change change) {
  EXPECT_NO_THROW(validate(config));
  change(config);
  expect_error(ErrorCode::kInvalidConfig, part, [&] { validate(config); });
}

TEST(ModelConfig, RefusesEachFieldOutOfRangeByName) {
  using C = ModelConfig;
  refuses(good_model(), "hidden_size is 0, expected 1 to 1024", [](C& c) { c.network.hidden_size = 0; });
  refuses(good_model(), "hidden_size is 100000", [](C& c) { c.network.hidden_size = 100000; });
  refuses(good_model(), "hidden_size is -1", [](C& c) { c.network.hidden_size = -1; });
  refuses(good_model(), "num_layers is 0", [](C& c) { c.network.num_layers = 0; });
  refuses(good_model(), "num_layers is 9", [](C& c) { c.network.num_layers = 9; });
  refuses(good_model(), "vocab_size is 0", [](C& c) { c.vocab_size = 0; });
  refuses(good_model(), "vocab_size is 4097", [](C& c) { c.vocab_size = 4097; });
  refuses(good_model(), "embedding_dim is -1", [](C& c) { c.embedding_dim = -1; });
  refuses(good_model(), "embedding_dim is 1025", [](C& c) { c.embedding_dim = 1025; });
  refuses(good_model(), "dropout is 1", [](C& c) { c.network.dropout = 1.0; });
  refuses(good_model(), "dropout is -0.1", [](C& c) { c.network.dropout = -0.1; });
  refuses(good_model(), "dropout is nan", [](C& c) { c.network.dropout = kNan; });
  refuses(good_model(), "forget_bias is nan", [](C& c) { c.network.forget_bias = kNan; });
  refuses(good_model(), "seed is ", [](C& c) { c.network.seed = std::uint64_t{1} << 53; });
}

TEST(RnnConfig, RefusesEachFieldOutOfRangeByName) {
  using C = RnnConfig;
  const C good{.network = {.cell = CellKind::kGru, .hidden_size = 5}, .input_size = 10};
  refuses(good, "input_size is 0", [](C& c) { c.input_size = 0; });
  refuses(good, "input_size is 4097", [](C& c) { c.input_size = 4097; });
  refuses(good, "hidden_size is 0", [](C& c) { c.network.hidden_size = 0; });
  refuses(good, "num_layers is 9", [](C& c) { c.network.num_layers = 9; });
  refuses(good, "dropout is nan", [](C& c) { c.network.dropout = kNan; });
}

TEST(TrainConfig, RefusesEachFieldOutOfRangeByName) {
  using C = TrainConfig;
  refuses(C{}, "batch_size is 0", [](C& c) { c.batch_size = 0; });
  refuses(C{}, "batch_size is 1025", [](C& c) { c.batch_size = 1025; });
  refuses(C{}, "seq_len is 0", [](C& c) { c.seq_len = 0; });
  refuses(C{}, "seq_len is 4097", [](C& c) { c.seq_len = 4097; });
  // Zero as a float would say that there is no bound.
  for (double bad : {1e-46, 5e-324, -1.0, 1e10, kNan}) {
    refuses(C{}, "clip_norm is ", [bad](C& c) { c.clip_norm = bad; });
    refuses(C{}, "clip_value is ", [bad](C& c) { c.clip_value = bad; });
  }
  refuses(C{}, "clip_norm is -1", [](C& c) { c.clip_norm = -1.0; });
  refuses(C{}, "clip_norm is nan", [](C& c) { c.clip_norm = kNan; });
  refuses(C{}, "clip_value is -1", [](C& c) { c.clip_value = -1.0; });
  refuses(C{}, "clip_value is nan", [](C& c) { c.clip_value = kNan; });
  refuses(C{}, "learning_rate is nan", [](C& c) { c.optimizer.learning_rate = kNan; });
}

TEST(ModelConfig, RefusesTooManyParameters) {
  ModelConfig config = good_model();
  config.network.hidden_size = kMaxHiddenSize;
  config.network.num_layers = kMaxLayers;
  expect_error(ErrorCode::kTooBig, "parameters", [&] { validate(config); });
  expect_error(ErrorCode::kTooBig, "parameters", [] {
    validate(RnnConfig{.network = {.cell = CellKind::kLstm,
                                   .hidden_size = kMaxHiddenSize,
                                   .num_layers = kMaxLayers,
                                   .bidirectional = true},
                       .input_size = kMaxInputSize});
  });
}

TEST(ModelPlan, CountsTheParametersThatAModelHas) {
  for (CellKind cell : kAllCells) {
    for (Index num_layers : {1, 3}) {
      for (Index embedding_dim : {0, 6}) {
        const ModelConfig config{.network = {.cell = cell, .hidden_size = 9, .num_layers = num_layers},
                                 .vocab_size = 11,
                                 .embedding_dim = embedding_dim};
        EXPECT_EQ(static_cast<Index>(plan(config, 1, 1).parameter_count),
                  LanguageModel<float>(config).parameters().size());
      }
    }
  }
}

/// The counts that quality.md gives for vocabulary 65 and hidden size 128, and 6 (4 H^2 + 65 H) operations.
TEST(ModelPlan, HasTheKnownCounts) {
  ModelConfig config = good_model();
  EXPECT_EQ(plan(config, 32, 64).parameter_count, 108'225u);
  EXPECT_EQ(plan(config, 32, 64).flops_per_char, 6.0 * (4 * 128 * 128 + 65 * 128));
  config.network.num_layers = 2;
  EXPECT_EQ(plan(config, 32, 64).parameter_count, 240'321u);
  config = good_model();
  config.network.cell = CellKind::kGru;
  EXPECT_EQ(plan(config, 32, 64).parameter_count, 83'265u);
  config.network.cell = CellKind::kRnnTanh;
  EXPECT_EQ(plan(config, 32, 64).parameter_count, 33'345u);
}

TEST(ModelPlan, MemoryGrowsWithTheWindow) {
  EXPECT_GT(plan(good_model(), 32, 65).memory_bytes, plan(good_model(), 32, 64).memory_bytes);
  EXPECT_GT(plan(good_model(), 33, 64).memory_bytes, plan(good_model(), 32, 64).memory_bytes);
}

TEST(CheckWindow, RefusesWhatWouldNotFit) {
  EXPECT_NO_THROW(check_window(good_model(), 32, 64));
  ModelConfig large = good_model();
  large.network.hidden_size = 1024;
  expect_error(ErrorCode::kTooBig, "MB of memory", [&] { check_window(large, kMaxBatchSize, kMaxSeqLen); });
  const RnnConfig rnn{.network = {.cell = CellKind::kLstm, .hidden_size = 512, .bidirectional = true},
                      .input_size = 4096};
  EXPECT_NO_THROW(check_window(rnn, 4, 16));
  expect_error(ErrorCode::kTooBig, "MB of memory", [&] { check_window(rnn, kMaxBatchSize, kMaxSeqLen); });
}

}  // namespace
}  // namespace unroll::testing::config_test
