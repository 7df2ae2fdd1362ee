#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/allocation_counter.h"
#include "support/random.h"
#include "unroll/model/language_model.h"
#include "unroll/model/rnn.h"
#include "unroll/model/trainer.h"
#include "unroll/nn/clipping.h"

/// A training step asks for no memory after the first of its shape.
namespace unroll::testing {
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

struct Case {
  CellKind cell;
  Index num_layers;
  Index embedding_dim;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (CellKind cell : kAllCells) {
    for (Index num_layers : {1, 2}) {
      for (Index embedding_dim : {0, 5}) cases.push_back({cell, num_layers, embedding_dim});
    }
  }
  return cases;
}

class Allocation : public ::testing::TestWithParam<Case> {};

/// Every optimizer, with clipping and dropout.
TEST_P(Allocation, IsOverAfterTheFirstStep) {
  constexpr Index kT = 6, kB = 4, kV = 11;
  const auto [cell, num_layers, embedding_dim] = GetParam();
  for (OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kRmsprop, OptimizerKind::kAdagrad,
                             OptimizerKind::kAdam, OptimizerKind::kAdamw}) {
    LanguageModel<float> model({.cell = cell,
                                .vocab_size = kV,
                                .hidden_size = 9,
                                .num_layers = num_layers,
                                .embedding_dim = embedding_dim,
                                .dropout = 0.5});
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

TEST_P(Allocation, IsOverAfterTheTrainersFirstStep) {
  const auto [cell, num_layers, embedding_dim] = GetParam();
  std::u32string text;
  for (int i = 0; i < 400; ++i) text.push_back(static_cast<char32_t>(U'a' + i * i % 13));
  Trainer trainer({.cell = cell, .hidden_size = 9, .num_layers = num_layers, .embedding_dim = embedding_dim},
                  {.batch_size = 4, .seq_len = 10}, text);
  trainer.step();
  const std::uint64_t before = allocations();
  // More than an epoch, so that the state is set back as well.
  for (Index i = 0; i <= trainer.steps_per_epoch(); ++i) trainer.step();
  EXPECT_EQ(allocations(), before);
}

std::string name_of(const Case& c) {
  return std::string(cell<float>(c.cell).name) + "_" + std::to_string(c.num_layers) +
         (c.embedding_dim > 0 ? "_embedding" : "_one_hot");
}

INSTANTIATE_TEST_SUITE_P(All, Allocation, ::testing::ValuesIn(all_cases()),
                         [](const auto& info) { return name_of(info.param); });

class RnnAllocation : public ::testing::TestWithParam<CellKind> {};

TEST_P(RnnAllocation, IsOverAfterTheFirstPassWithEveryLength) {
  constexpr Index kT = 6, kB = 3, kI = 4, kH = 5;
  Rnn<float> rnn({.cell = GetParam(),
                  .input_size = kI,
                  .hidden_size = kH,
                  .num_layers = 2,
                  .bidirectional = true,
                  .dropout = 0.3});
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

}  // namespace
}  // namespace unroll::testing
