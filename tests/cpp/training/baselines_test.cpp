#include "unroll/training/baselines.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/expect_error.h"
#include "unroll/model/config.h"

namespace unroll::testing::baselines_test {
namespace {

/// Counted by hand: of five tokens that were read, three are 0; 0 is followed by 1 twice and by 0 never.
TEST(Baselines, AreWhatCountingGives) {
  const std::vector<TokenId> train = {0, 1, 0, 1, 0};
  const std::vector<TokenId> validation = {0, 1};
  const auto [uniform, unigram, bigram] = baselines(train, validation, 2);
  EXPECT_DOUBLE_EQ(uniform, std::log(2.0));
  EXPECT_DOUBLE_EQ(unigram, -(std::log(3.1 / 5.2) + std::log(2.1 / 5.2)) / 2.0);
  EXPECT_DOUBLE_EQ(bigram, -std::log(2.1 / 2.2));
}

TEST(Baselines, NeedTwoTokens) {
  const std::vector<TokenId> train = {0, 1, 0}, one = {1};
  expect_error(ErrorCode::kTextTooShort, "expected at least 2", [&] { baselines(train, one, 2); });
}

/// Replicas hold the gradients of all and read a share of the batch.
TEST(PlanOfAReplica, HasRoomForTheGradientsOfAll) {
  const ModelConfig model{.network = {.hidden_size = 30}, .vocab_size = 20};
  const TrainConfig alone{.batch_size = 10, .seq_len = 8};
  EXPECT_EQ(plan(model, alone).memory_bytes, plan(model, 10, 8).memory_bytes);
  TrainConfig train = alone;
  train.shard = {.index = 2, .count = 3};
  const ModelPlan own = plan(model, train);
  EXPECT_EQ(own.parameter_count, plan(model, alone).parameter_count);
  EXPECT_EQ(own.memory_bytes, plan(model, 4, 8).memory_bytes + 3 * 4 * own.parameter_count);
}

}  // namespace
}  // namespace unroll::testing::baselines_test
