#include <string>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/nn/optimizer.h"

namespace unroll {
namespace {

constexpr std::array kKinds = {OptimizerKind::kSgd, OptimizerKind::kRmsprop, OptimizerKind::kAdagrad,
                               OptimizerKind::kAdam, OptimizerKind::kAdamw};

void check(bool in_range, const char* field, double value, const char* expected) {
  if (in_range) return;
  throw Error(ErrorCode::kInvalidConfig, std::string("OptimizerConfig: ") + field + " is " +
                                             number_text(value) + ", expected " + expected);
}

}  // namespace

std::string_view to_string(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kSgd: return "sgd";
    case OptimizerKind::kRmsprop: return "rmsprop";
    case OptimizerKind::kAdagrad: return "adagrad";
    case OptimizerKind::kAdam: return "adam";
    case OptimizerKind::kAdamw: return "adamw";
  }
  refuse_kind();
}

std::optional<OptimizerKind> optimizer_kind(std::string_view name) {
  for (OptimizerKind kind : kKinds) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

OptimizerConfig OptimizerConfig::defaults(OptimizerKind kind) {
  OptimizerConfig config{.kind = kind};
  if (kind == OptimizerKind::kRmsprop || kind == OptimizerKind::kAdagrad) config.learning_rate = 1e-2;
  if (kind == OptimizerKind::kAdagrad) config.eps = 1e-10;
  if (kind == OptimizerKind::kAdamw) config.weight_decay = 1e-2;
  return config;
}

void validate(const OptimizerConfig& config) {
  const auto in = [](double x, double low, double high) { return x >= low && x <= high; };
  // As the float that a moment is multiplied by: one of exactly 1 would never forget.
  const auto forgets = [](double beta) { return beta >= 0.0 && static_cast<float>(beta) < 1.0f; };
  check(in(config.learning_rate, 0.0, kMaxLearningRate), "learning_rate", config.learning_rate,
        "a number from 0 to 1e9");
  check(in(config.weight_decay, 0.0, 1e9), "weight_decay", config.weight_decay, "a number from 0 to 1e9");
  check(in(config.momentum, 0.0, 1e9), "momentum", config.momentum, "a number from 0 on");
  const char* below_one = "0 to 0.99999997";
  check(forgets(config.beta1), "beta1", config.beta1, below_one);
  check(forgets(config.beta2), "beta2", config.beta2, below_one);
  check(in(config.alpha, 0.0, 1.0), "alpha", config.alpha, "a number from 0 to 1");
  check(in(config.eps, 1e-30, 1.0), "eps", config.eps,
        "a number from 1e-30 to 1; with none, 0 / 0 would be the update where there is no gradient");
  if (config.nesterov && !(static_cast<float>(config.momentum) > 0.0f)) {
    throw Error(ErrorCode::kInvalidConfig,
                "OptimizerConfig: nesterov needs a momentum above 0, as in PyTorch");
  }
}

}  // namespace unroll
