#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "unroll/math/lanes.h"
#include "unroll/nn/parameters.h"

namespace unroll {

/// What is larger is a mistake, and would overflow in a float soon.
inline constexpr double kMaxLearningRate = 1e9;

enum class OptimizerKind { kSgd, kRmsprop, kAdagrad, kAdam, kAdamw };

/// The arguments of torch.optim's classes; defaults() has PyTorch's values for each.
struct OptimizerConfig {
  OptimizerKind kind = OptimizerKind::kAdam;
  double learning_rate = 1e-3;
  double weight_decay = 0.0;
  double momentum = 0.0;  // SGD
  bool nesterov = false;  // SGD
  double beta1 = 0.9;     // Adam, AdamW
  double beta2 = 0.999;
  double alpha = 0.99;  // RMSprop
  double eps = 1e-8;    // all but SGD

  static OptimizerConfig defaults(OptimizerKind kind);
};

/// "sgd", "rmsprop", "adagrad", "adam", "adamw".
std::optional<OptimizerKind> optimizer_kind(std::string_view name);
std::string_view to_string(OptimizerKind kind);

/// Throws Error(kInvalidConfig) with the name of the field unless all values are finite and in PyTorch's
/// ranges, as the floats that an update computes with; eps must be a positive float, because the padding of a
/// parameter never has a gradient.
void validate(const OptimizerConfig& config);

/// One update of all parameters from their gradients, in torch.optim's order of operations. With g the
/// gradient times gradient_scale, p the parameter, t the number of updates from 1 on:
///
///   all but AdamW  g += weight_decay * p
///   SGD            p -= lr * g
///     momentum     b = g at t = 1, then momentum * b + g;  p -= lr * b
///     nesterov     likewise, but p -= lr * (g + momentum * b)
///   RMSprop        v = alpha v + (1 - alpha) g^2;          p -= lr * g / (sqrt(v) + eps)
///   Adagrad        s += g^2;                               p -= lr * g / (sqrt(s) + eps)
///   Adam           m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
///                  p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
///   AdamW          p *= 1 - lr * weight_decay, then Adam
///
/// Source: https://pytorch.org/docs/stable/optim.html. Momentum: Sutskever et al., 2013. RMSprop: Tieleman
/// and Hinton, 2012. Adagrad: Duchi et al., 2011. Adam: Kingma and Ba, 2015. AdamW: Loshchilov and Hutter,
/// 2019.
///
/// Moments below 1e-30 become zero: denormal numbers would make an update many times slower and change
/// nothing.
template <class S>
class Optimizer {
 public:
  /// Names of the state slots in torch.optim's state_dict, for checkpoints.
  static std::array<std::string_view, 2> slot_names(OptimizerKind kind);

  explicit Optimizer(const OptimizerConfig& config) : config_(config) { validate(config); }

  const OptimizerConfig& config() const { return config_; }

  /// Other arguments from now on. Moments are kept when the kind stays the same, else they start anew.
  void configure(const OptimizerConfig& config);
  void set_learning_rate(double learning_rate);

  /// Returns whether all parameters are finite numbers afterwards: with a large rate they may not be.
  bool update(Parameters<S>& parameters, double gradient_scale);

  /// Forgets the moments.
  void reset();

  std::int64_t updates() const { return updates_; }
  void set_updates(std::int64_t updates) { updates_ = updates; }
  /// How many moments of each number the configured kind keeps, 0 to 2.
  Index slot_count() const;
  /// Moments, laid out as the parameters' values; empty until the first update and where the kind has fewer.
  AlignedBuffer<S>& slot(Index i) { return slots_[static_cast<std::size_t>(i)]; }
  const AlignedBuffer<S>& slot(Index i) const { return slots_[static_cast<std::size_t>(i)]; }

 private:
  /// The update itself; see update() for what it returns.
  LaneVector<S> updated(Parameters<S>& parameters, double gradient_scale, bool first);

  OptimizerConfig config_;
  std::int64_t updates_ = 0;
  std::array<AlignedBuffer<S>, 2> slots_;
};

extern template class Optimizer<float>;
extern template class Optimizer<double>;

}  // namespace unroll
