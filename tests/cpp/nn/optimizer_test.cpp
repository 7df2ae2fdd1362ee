#include "unroll/nn/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "support/distance.h"
#include "support/random.h"
#include "support/state_dict.h"
#include "unroll/core/error.h"

namespace unroll::testing::optimizer_test {
namespace {

/// The update rules of torch.optim's documentation for one number.
class NaiveOptimizer {
 public:
  explicit NaiveOptimizer(const OptimizerConfig& config) : config_(config) {}

  void update(double& p, double g) {
    ++t_;
    const double lr = config_.learning_rate;
    if (config_.kind == OptimizerKind::kAdamw) {
      p -= lr * config_.weight_decay * p;
    } else {
      g += config_.weight_decay * p;
    }
    switch (config_.kind) {
      case OptimizerKind::kSgd:
        if (config_.momentum == 0.0) {
          p -= lr * g;
          break;
        }
        first_ = t_ == 1 ? g : config_.momentum * first_ + g;
        p -= lr * (config_.nesterov ? g + config_.momentum * first_ : first_);
        break;
      case OptimizerKind::kRmsprop:
        first_ = config_.alpha * first_ + (1.0 - config_.alpha) * g * g;
        p -= lr * g / (std::sqrt(first_) + config_.eps);
        break;
      case OptimizerKind::kAdagrad:
        first_ += g * g;
        p -= lr * g / (std::sqrt(first_) + config_.eps);
        break;
      case OptimizerKind::kAdam:
      case OptimizerKind::kAdamw: {
        first_ = config_.beta1 * first_ + (1.0 - config_.beta1) * g;
        second_ = config_.beta2 * second_ + (1.0 - config_.beta2) * g * g;
        const double m = first_ / (1.0 - std::pow(config_.beta1, t_));
        const double v = second_ / (1.0 - std::pow(config_.beta2, t_));
        p -= lr * m / (std::sqrt(v) + config_.eps);
        break;
      }
    }
  }

 private:
  OptimizerConfig config_;
  int t_ = 0;
  double first_ = 0.0, second_ = 0.0;
};

struct Case {
  std::string name;
  OptimizerConfig config;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kRmsprop, OptimizerKind::kAdagrad,
                             OptimizerKind::kAdam, OptimizerKind::kAdamw}) {
    OptimizerConfig config = OptimizerConfig::defaults(kind);
    config.learning_rate = 0.03;
    const std::string name(to_string(kind));
    cases.push_back({name, config});
    config.weight_decay = 0.1;
    cases.push_back({name + "_weight_decay", config});
  }
  OptimizerConfig sgd = OptimizerConfig::defaults(OptimizerKind::kSgd);
  sgd.learning_rate = 0.03;
  sgd.momentum = 0.9;
  cases.push_back({"sgd_momentum", sgd});
  sgd.nesterov = true;
  cases.push_back({"sgd_nesterov", sgd});
  sgd.weight_decay = 0.1;
  cases.push_back({"sgd_nesterov_weight_decay", sgd});
  OptimizerConfig adam = OptimizerConfig::defaults(OptimizerKind::kAdam);
  adam.beta1 = 0.5;
  adam.beta2 = 0.8;
  adam.eps = 1e-3;
  cases.push_back({"adam_other_constants", adam});
  OptimizerConfig rmsprop = OptimizerConfig::defaults(OptimizerKind::kRmsprop);
  rmsprop.alpha = 0.5;
  rmsprop.eps = 1e-3;
  cases.push_back({"rmsprop_other_constants", rmsprop});
  return cases;
}

/// A weight with padding between its gate blocks and a bias.
template <class S>
Parameters<S> some_parameters() {
  Parameters<S> parameters;
  parameters.add({.name = "weight",
                  .layout = {.kind = LayoutKind::kPanels, .rows = 15, .cols = 3, .block_rows = 5},
                  .bound = 1.0});
  parameters.add(
      {.name = "bias", .layout = {.kind = LayoutKind::kVector, .rows = 6, .block_rows = 6}, .bound = 1.0});
  parameters.allocate();
  Rng rng(2, Rng::Purpose::kInitialisation);
  parameters.initialise(rng);
  return parameters;
}

template <class S>
void draw_gradients(Random& random, Parameters<S>& parameters) {
  for (Index id = 0; id < parameters.count(); ++id) {
    const Layout& layout = parameters.spec(id).layout;
    const Array<double> gradient = random.array<double>(layout.size(), 1);
    pack(layout, gradient.data(), parameters.gradient(id));
  }
}

constexpr int kUpdates = 20;

class OptimizerTwin : public ::testing::TestWithParam<Case> {};

template <class S>
void compare(const OptimizerConfig& config, double tolerance) {
  Parameters<S> parameters = some_parameters<S>();
  std::vector<Array<double>> values;
  std::vector<std::vector<NaiveOptimizer>> twins;
  for (Index id = 0; id < parameters.count(); ++id) {
    values.push_back(value_of(parameters, id));
    twins.emplace_back(static_cast<std::size_t>(values.back().size()), NaiveOptimizer(config));
  }
  Optimizer<S> optimizer(config);
  Random random(9);
  constexpr double kScale = 0.25;
  for (int update = 0; update < kUpdates; ++update) {
    draw_gradients(random, parameters);
    for (std::size_t id = 0; id < values.size(); ++id) {
      const Array<double> gradient = gradient_of(parameters, static_cast<Index>(id));
      for (Index i = 0; i < gradient.size(); ++i)
        twins[id][static_cast<std::size_t>(i)].update(values[id][i], kScale * gradient[i]);
    }
    optimizer.update(parameters, kScale);
  }
  EXPECT_EQ(optimizer.updates(), kUpdates);
  Distances distances(tolerance);
  distances.expect("weight", value_of(parameters, 0), values[0]);
  distances.expect("bias", value_of(parameters, 1), values[1]);
}

TEST_P(OptimizerTwin, AgreesAfterTwentyUpdates) {
  compare<double>(GetParam().config, 1e-14);
  compare<float>(GetParam().config, 2e-6);  // some ten roundings of 6e-8 an update
}

/// All arrays of a model are gone through padding and all, so padding must stay zero.
TEST_P(OptimizerTwin, KeepsPaddingZero) {
  Parameters<float> parameters = some_parameters<float>();
  Optimizer<float> optimizer(GetParam().config);
  Random random(9);
  for (int update = 0; update < 3; ++update) {
    draw_gradients(random, parameters);
    optimizer.update(parameters, 1.0);
  }
  Parameters<float> cleared = some_parameters<float>();
  cleared.values().fill_zero();
  for (Index id = 0; id < parameters.count(); ++id) set_value(cleared, id, value_of(parameters, id));
  for (Index i = 0; i < cleared.values().size(); ++i) EXPECT_EQ(parameters.values()[i], cleared.values()[i]);
}

TEST_P(OptimizerTwin, LearningRateZeroLeavesEveryBit) {
  Parameters<float> parameters = some_parameters<float>();
  const AlignedBuffer<float> before = parameters.values();
  OptimizerConfig config = GetParam().config;
  config.learning_rate = 0.0;
  Optimizer<float> optimizer(config);
  Random random(9);
  for (int update = 0; update < 3; ++update) {
    draw_gradients(random, parameters);
    optimizer.update(parameters, 1.0);
  }
  for (Index i = 0; i < before.size(); ++i) EXPECT_EQ(parameters.values()[i], before[i]);
}

TEST_P(OptimizerTwin, TellsOfTheChange) {
  Parameters<float> parameters = some_parameters<float>();
  const std::uint64_t version = parameters.version();
  Optimizer<float>(GetParam().config).update(parameters, 1.0);
  EXPECT_GT(parameters.version(), version);
}

TEST_P(OptimizerTwin, GoesOnFromSavedMomentsWithTheSameBits) {
  Parameters<float> straight = some_parameters<float>();
  Parameters<float> resumed = some_parameters<float>();
  Optimizer<float> optimizer(GetParam().config);
  auto second = std::make_unique<Optimizer<float>>(GetParam().config);
  Random random(9);
  for (int update = 0; update < 6; ++update) {
    draw_gradients(random, straight);
    resumed.gradients() = straight.gradients();
    optimizer.update(straight, 1.0);
    second->update(resumed, 1.0);
    auto fresh = std::make_unique<Optimizer<float>>(GetParam().config);
    fresh->set_updates(second->updates());
    for (Index slot : {0, 1}) fresh->slot(slot) = second->slot(slot);
    second = std::move(fresh);
  }
  for (Index i = 0; i < straight.values().size(); ++i) EXPECT_EQ(straight.values()[i], resumed.values()[i]);
}

INSTANTIATE_TEST_SUITE_P(All, OptimizerTwin, ::testing::ValuesIn(all_cases()),
                         [](const auto& info) { return info.param.name; });

TEST(Optimizer, DefaultsAreTorchs) {
  const auto defaults = [](OptimizerKind kind) { return OptimizerConfig::defaults(kind); };
  EXPECT_EQ(defaults(OptimizerKind::kSgd).learning_rate, 1e-3);
  EXPECT_EQ(defaults(OptimizerKind::kSgd).momentum, 0.0);
  EXPECT_EQ(defaults(OptimizerKind::kRmsprop).learning_rate, 1e-2);
  EXPECT_EQ(defaults(OptimizerKind::kRmsprop).alpha, 0.99);
  EXPECT_EQ(defaults(OptimizerKind::kRmsprop).eps, 1e-8);
  EXPECT_EQ(defaults(OptimizerKind::kAdagrad).learning_rate, 1e-2);
  EXPECT_EQ(defaults(OptimizerKind::kAdagrad).eps, 1e-10);
  EXPECT_EQ(defaults(OptimizerKind::kAdam).learning_rate, 1e-3);
  EXPECT_EQ(defaults(OptimizerKind::kAdam).beta1, 0.9);
  EXPECT_EQ(defaults(OptimizerKind::kAdam).beta2, 0.999);
  EXPECT_EQ(defaults(OptimizerKind::kAdam).eps, 1e-8);
  EXPECT_EQ(defaults(OptimizerKind::kAdam).weight_decay, 0.0);
  EXPECT_EQ(defaults(OptimizerKind::kAdamw).weight_decay, 1e-2);
}

/// A moment of 1e-40 is a denormal number, with which a processor computes a hundred times slower.
TEST(Optimizer, TinyMomentsBecomeZero) {
  for (OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kRmsprop, OptimizerKind::kAdagrad,
                             OptimizerKind::kAdam, OptimizerKind::kAdamw}) {
    Parameters<float> parameters = some_parameters<float>();
    OptimizerConfig config = OptimizerConfig::defaults(kind);
    if (kind == OptimizerKind::kSgd) config.momentum = 0.9;
    config.weight_decay = 0.0;
    Optimizer<float> optimizer(config);
    parameters.gradient(0)[0] = 1e-16f;
    parameters.gradient(0)[1] = 1e-35f;
    optimizer.update(parameters, 1.0);
    for (Index slot : {0, 1}) {
      const AlignedBuffer<float>& moments = optimizer.slot(slot);
      for (Index i = 0; i < moments.size(); ++i) {
        EXPECT_TRUE(moments[i] == 0.0f || std::abs(moments[i]) > 1e-30f) << to_string(kind);
      }
    }
  }
}

TEST(Optimizer, ChangesItsRateInMidTrainingAndKeepsItsMoments) {
  Parameters<float> parameters = some_parameters<float>();
  Optimizer<float> optimizer(OptimizerConfig::defaults(OptimizerKind::kAdam));
  Random random(9);
  draw_gradients(random, parameters);
  optimizer.update(parameters, 1.0);
  const AlignedBuffer<float> moments = optimizer.slot(0);
  optimizer.set_learning_rate(0.5);
  EXPECT_EQ(optimizer.config().learning_rate, 0.5);
  EXPECT_EQ(optimizer.updates(), 1);
  for (Index i = 0; i < moments.size(); ++i) EXPECT_EQ(optimizer.slot(0)[i], moments[i]);
}

TEST(Optimizer, StartsAnewWhenTheKindChanges) {
  Parameters<float> parameters = some_parameters<float>();
  Optimizer<float> optimizer(OptimizerConfig::defaults(OptimizerKind::kAdam));
  Random random(9);
  draw_gradients(random, parameters);
  optimizer.update(parameters, 1.0);
  optimizer.configure(OptimizerConfig::defaults(OptimizerKind::kRmsprop));
  EXPECT_EQ(optimizer.updates(), 0);
  EXPECT_EQ(optimizer.slot(0).size(), 0);
  EXPECT_EQ(optimizer.slot(1).size(), 0);
}

TEST(Optimizer, RefusesArgumentsOutOfRangeByName) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInf = std::numeric_limits<double>::infinity();
  struct Bad {
    std::string field;
    double OptimizerConfig::*member;
    std::vector<double> values;
  };
  const std::vector<Bad> bad = {
      {"learning_rate", &OptimizerConfig::learning_rate, {kNan, kInf, -1e-3, 1e10}},
      {"weight_decay", &OptimizerConfig::weight_decay, {kNan, kInf, -0.1}},
      {"momentum", &OptimizerConfig::momentum, {kNan, kInf, -0.1}},
      // What is 1 as a float, too.
      {"beta1", &OptimizerConfig::beta1, {kNan, -0.1, 1.0, 1.0 - 1e-8, 0x1.fffffffffffffp-1}},
      {"beta2", &OptimizerConfig::beta2, {kNan, -0.1, 1.0, 1.0 - 1e-8, 0x1.fffffffffffffp-1}},
      {"alpha", &OptimizerConfig::alpha, {kNan, -0.1, 1.1}},
      {"eps", &OptimizerConfig::eps, {kNan, kInf, -1e-8, 0.0, 1e-50}},
  };
  for (const auto& [field, member, values] : bad) {
    for (double value : values) {
      OptimizerConfig config;
      config.*member = value;
      try {
        validate(config);
        ADD_FAILURE() << field << " " << value << " was accepted";
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kInvalidConfig);
        EXPECT_NE(std::string(error.what()).find(field + " is "), std::string::npos) << error.what();
      }
    }
  }
  OptimizerConfig nesterov{.kind = OptimizerKind::kSgd, .nesterov = true};
  for (double none : {0.0, 1e-46}) {
    nesterov.momentum = none;
    EXPECT_THROW(validate(nesterov), Error);
  }
  nesterov.momentum = 1e-45;
  EXPECT_NO_THROW(validate(nesterov));
  EXPECT_NO_THROW(validate(OptimizerConfig{.beta1 = 0.99999997, .beta2 = 0.99999997}));
}

/// One number, in a whole vector or at the end, that the update makes too large or that was none before.
TEST(Optimizer, TellsWhetherAllWeightsAreFinite) {
  for (OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kRmsprop, OptimizerKind::kAdagrad,
                             OptimizerKind::kAdam, OptimizerKind::kAdamw}) {
    SCOPED_TRACE(to_string(kind));
    Parameters<float> parameters = some_parameters<float>();
    Random random(9);
    draw_gradients(random, parameters);
    EXPECT_TRUE(Optimizer<float>(OptimizerConfig::defaults(kind)).update(parameters, 1.0));
    for (Index id = 0; id < parameters.count(); ++id) {
      const Layout& layout = parameters.spec(id).layout;
      float& last = parameters.value(id)[layout.place(layout.rows - 1, std::max<Index>(layout.cols, 1) - 1)];
      const float kept = last;
      for (float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
        last = bad;
        EXPECT_FALSE(Optimizer<float>(OptimizerConfig::defaults(kind)).update(parameters, 1.0));
        last = kept;
      }
    }
  }
}

TEST(Optimizer, KindsHaveNames) {
  for (OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kRmsprop, OptimizerKind::kAdagrad,
                             OptimizerKind::kAdam, OptimizerKind::kAdamw}) {
    EXPECT_EQ(optimizer_kind(to_string(kind)), kind);
  }
  EXPECT_EQ(optimizer_kind("adamax"), std::nullopt);
  EXPECT_EQ(Optimizer<float>::slot_names(OptimizerKind::kAdam)[1], "exp_avg_sq");
}

}  // namespace
}  // namespace unroll::testing::optimizer_test
