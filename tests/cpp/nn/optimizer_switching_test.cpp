#include <gtest/gtest.h>

#include "nn/optimizer_switching_golden.h"
#include "unroll/nn/optimizer.h"

/// Optimizers, rates and other arguments that change in mid-training, against PyTorch.
namespace unroll::testing::optimizer_switching_test {
namespace {

constexpr double kA[3][3] = {{2.0, 0.5, -0.25}, {0.5, 1.0, 0.125}, {-0.25, 0.125, 3.0}};
constexpr double kB[3] = {1.0, -2.0, 0.5};

/// The same phases as in switching.py: a change of the configuration and how many updates follow.
struct Phase {
  void (*change)(OptimizerConfig&);
  int updates;
};

template <OptimizerKind kKind>
void renew(OptimizerConfig& config, double learning_rate) {
  config = OptimizerConfig::defaults(kKind);
  config.learning_rate = learning_rate;
}

const Phase kPhases[] = {
    {[](OptimizerConfig& c) { renew<OptimizerKind::kSgd>(c, 0.1), c.momentum = 0.9; }, 3},
    {[](OptimizerConfig& c) { c.learning_rate = 0.02; }, 2},
    {[](OptimizerConfig& c) { c.nesterov = true; }, 2},
    {[](OptimizerConfig& c) { renew<OptimizerKind::kAdam>(c, 0.05); }, 3},
    {[](OptimizerConfig& c) { c.learning_rate = 0.01, c.beta1 = 0.8, c.beta2 = 0.95; }, 2},
    {[](OptimizerConfig& c) { c.weight_decay = 0.1, c.eps = 1e-4; }, 2},
    {[](OptimizerConfig& c) { renew<OptimizerKind::kAdamw>(c, 0.03); }, 2},
    {[](OptimizerConfig& c) { renew<OptimizerKind::kRmsprop>(c, 0.01); }, 2},
    {[](OptimizerConfig& c) { c.learning_rate = 0.002, c.alpha = 0.9; }, 2},
    {[](OptimizerConfig& c) { renew<OptimizerKind::kAdagrad>(c, 0.05); }, 3},
    {[](OptimizerConfig& c) { renew<OptimizerKind::kSgd>(c, 0.04); }, 2},
    {[](OptimizerConfig& c) { c.momentum = 0.5; }, 3},
    {[](OptimizerConfig& c) { c.momentum = 0.0, c.weight_decay = 0.01; }, 2},
    {[](OptimizerConfig& c) { c.momentum = 0.9; }, 2},
};

TEST(OptimizerSwitching, IsPyTorchsInMidTraining) {
  Parameters<double> parameters;
  parameters.add(
      {.name = "p", .layout = {.kind = LayoutKind::kVector, .rows = 3, .block_rows = 3}, .bound = 1.0});
  parameters.allocate();
  double* p = parameters.value(0);
  p[0] = 0.75, p[1] = -0.5, p[2] = 1.25;
  OptimizerConfig config;
  Optimizer<double> optimizer(config);
  ASSERT_EQ(std::size(kPhases), std::size(kSwitchingGolden));
  for (std::size_t phase = 0; phase < std::size(kPhases); ++phase) {
    kPhases[phase].change(config);
    optimizer.configure(config);
    for (int update = 0; update < kPhases[phase].updates; ++update) {
      for (int i = 0; i < 3; ++i) {
        parameters.gradient(0)[i] = kA[i][0] * p[0] + kA[i][1] * p[1] + kA[i][2] * p[2] - kB[i];
      }
      optimizer.update(parameters, 1.0);
    }
    // Some thirty updates in double, each a few roundings of 1e-16.
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(p[i], kSwitchingGolden[phase][i], 1e-13) << "phase " << phase;
  }
}

}  // namespace
}  // namespace unroll::testing::optimizer_switching_test
