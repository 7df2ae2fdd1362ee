#include "unroll/nn/optimizer.h"

#include <cmath>

#include "unroll/core/error.h"
#include "unroll/math/lanes.h"
#include "unroll/nn/finite.h"

namespace unroll {
namespace {

constexpr double kTinyMoment = 1e-30;

/// base^exponent by squaring: the same bits everywhere, and for a checkpoint the exponent is all there is to
/// save.
double power(double base, std::int64_t exponent) {
  double result = 1.0;
  for (; exponent > 0; exponent >>= 1, base *= base) {
    if (exponent & 1) result *= base;
  }
  return result;
}

/// What an update of one vector of numbers sees.
template <class S>
struct Update {
  LaneVector<S> value;
  LaneVector<S> gradient;  // scaled
};

/// Calls next(i, update) -> new value for each vector of parameters. Returns the sum of x - x over the new
/// values: 0 in each lane, and not a number where one of them is infinite or none.
template <class S, class Next>
LaneVector<S> for_each_vector(Parameters<S>& parameters, double gradient_scale, double weight_decay,
                              Next next) {
  S* values = parameters.values().data();
  const S* gradients = parameters.gradients().data();
  const LaneVector<S> scale = splat(static_cast<S>(gradient_scale));
  const LaneVector<S> decay = splat(static_cast<S>(weight_decay));
  LaneVector<S> trace = splat(S(0));
  for (Index i = 0; i < parameters.values().size(); i += Lanes<S>::kWidth) {
    const LaneVector<S> value = load(values + i);
    LaneVector<S> gradient = load(gradients + i) * scale;
    if (weight_decay != 0.0) gradient = madd(decay, value, gradient);
    const LaneVector<S> stepped = next(i, Update<S>{value, gradient});
    store(values + i, stepped);
    trace += stepped - stepped;
  }
  return trace;
}

template <class S>
LaneVector<S> update_sgd(Parameters<S>& parameters, const OptimizerConfig& config, double scale, bool first,
                         S* buffer) {
  const LaneVector<S> rate = splat(static_cast<S>(config.learning_rate));
  const LaneVector<S> momentum = splat(static_cast<S>(config.momentum));
  return for_each_vector(parameters, scale, config.weight_decay, [&](Index i, const Update<S>& u) {
    LaneVector<S> direction = u.gradient;
    if (buffer != nullptr) {
      const LaneVector<S> b = first ? u.gradient : madd(momentum, load(buffer + i), u.gradient);
      store(buffer + i, flush_below(splat(S(kTinyMoment)), b));
      direction = config.nesterov ? madd(momentum, b, u.gradient) : b;
    }
    return madd(-rate, direction, u.value);
  });
}

template <class S>
LaneVector<S> update_rmsprop(Parameters<S>& parameters, const OptimizerConfig& config, double scale,
                             S* square_avg) {
  const LaneVector<S> rate = splat(static_cast<S>(config.learning_rate));
  const LaneVector<S> alpha = splat(static_cast<S>(config.alpha));
  const LaneVector<S> rest = splat(static_cast<S>(1.0 - config.alpha));
  const LaneVector<S> eps = splat(static_cast<S>(config.eps));
  const LaneVector<S> tiny = splat(S(kTinyMoment));
  return for_each_vector(parameters, scale, config.weight_decay, [&](Index i, const Update<S>& u) {
    const LaneVector<S> v =
        flush_below(tiny, madd(rest * u.gradient, u.gradient, alpha * load(square_avg + i)));
    store(square_avg + i, v);
    return madd(-rate, u.gradient / (lane_sqrt(v) + eps), u.value);
  });
}

template <class S>
LaneVector<S> update_adagrad(Parameters<S>& parameters, const OptimizerConfig& config, double scale, S* sum) {
  const LaneVector<S> rate = splat(static_cast<S>(config.learning_rate));
  const LaneVector<S> eps = splat(static_cast<S>(config.eps));
  const LaneVector<S> tiny = splat(S(kTinyMoment));
  return for_each_vector(parameters, scale, config.weight_decay, [&](Index i, const Update<S>& u) {
    const LaneVector<S> s = flush_below(tiny, madd(u.gradient, u.gradient, load(sum + i)));
    store(sum + i, s);
    return madd(-rate, u.gradient / (lane_sqrt(s) + eps), u.value);
  });
}

template <class S>
LaneVector<S> update_adam(Parameters<S>& parameters, const OptimizerConfig& config, double scale,
                          std::int64_t t, S* exp_avg, S* exp_avg_sq) {
  const bool decoupled = config.kind == OptimizerKind::kAdamw;
  const double correction1 = 1.0 - power(config.beta1, t);
  const double correction2 = 1.0 - power(config.beta2, t);
  const LaneVector<S> beta1 = splat(static_cast<S>(config.beta1));
  const LaneVector<S> rest1 = splat(static_cast<S>(1.0 - config.beta1));
  const LaneVector<S> beta2 = splat(static_cast<S>(config.beta2));
  const LaneVector<S> rest2 = splat(static_cast<S>(1.0 - config.beta2));
  const LaneVector<S> rate = splat(static_cast<S>(config.learning_rate / correction1));
  const LaneVector<S> root_correction = splat(static_cast<S>(1.0 / std::sqrt(correction2)));
  const LaneVector<S> eps = splat(static_cast<S>(config.eps));
  const LaneVector<S> keep =
      splat(static_cast<S>(decoupled ? 1.0 - config.learning_rate * config.weight_decay : 1.0));
  const LaneVector<S> tiny = splat(S(kTinyMoment));
  return for_each_vector(
      parameters, scale, decoupled ? 0.0 : config.weight_decay, [&](Index i, const Update<S>& u) {
        const LaneVector<S> m = flush_below(tiny, madd(rest1, u.gradient, beta1 * load(exp_avg + i)));
        const LaneVector<S> v =
            flush_below(tiny, madd(rest2 * u.gradient, u.gradient, beta2 * load(exp_avg_sq + i)));
        store(exp_avg + i, m);
        store(exp_avg_sq + i, v);
        const LaneVector<S> denominator = madd(lane_sqrt(v), root_correction, eps);
        return madd(-rate, m / denominator, u.value * keep);
      });
}

}  // namespace

template <class S>
std::array<std::string_view, 2> Optimizer<S>::slot_names(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kSgd: return {"momentum_buffer", ""};
    case OptimizerKind::kRmsprop: return {"square_avg", ""};
    case OptimizerKind::kAdagrad: return {"sum", ""};
    case OptimizerKind::kAdam:
    case OptimizerKind::kAdamw: return {"exp_avg", "exp_avg_sq"};
  }
  refuse_kind();
}

template <class S>
void Optimizer<S>::configure(const OptimizerConfig& config) {
  validate(config);
  if (config.kind != config_.kind) reset();
  config_ = config;
}

template <class S>
void Optimizer<S>::set_learning_rate(double learning_rate) {
  OptimizerConfig config = config_;
  config.learning_rate = learning_rate;
  configure(config);
}

template <class S>
Index Optimizer<S>::slot_count() const {
  switch (config_.kind) {
    case OptimizerKind::kSgd: return config_.momentum == 0.0 ? 0 : 1;
    case OptimizerKind::kRmsprop:
    case OptimizerKind::kAdagrad: return 1;
    case OptimizerKind::kAdam:
    case OptimizerKind::kAdamw: return 2;
  }
  refuse_kind();
}

template <class S>
void Optimizer<S>::reset() {
  updates_ = 0;
  for (AlignedBuffer<S>& slot : slots_) slot = AlignedBuffer<S>();
}

template <class S>
bool Optimizer<S>::update(Parameters<S>& parameters, double gradient_scale) {
  const Index size = parameters.values().size();
  const bool first = slots_[0].size() == 0;
  for (Index i = 0; i < slot_count(); ++i) {
    slot(i).resize(size);
    if (first) slot(i).fill_zero();  // the memory may have held moments before
  }
  ++updates_;
  parameters.changed();
  S trace[Lanes<S>::kWidth];
  store(trace, updated(parameters, gradient_scale, first));
  return all_finite(Lanes<S>::kWidth, trace);
}

template <class S>
LaneVector<S> Optimizer<S>::updated(Parameters<S>& parameters, double gradient_scale, bool first) {
  S* slot0 = slots_[0].data();
  S* slot1 = slots_[1].data();
  switch (config_.kind) {
    case OptimizerKind::kSgd:
      return update_sgd(parameters, config_, gradient_scale, first, slot_count() == 0 ? nullptr : slot0);
    case OptimizerKind::kRmsprop: return update_rmsprop(parameters, config_, gradient_scale, slot0);
    case OptimizerKind::kAdagrad: return update_adagrad(parameters, config_, gradient_scale, slot0);
    case OptimizerKind::kAdam:
    case OptimizerKind::kAdamw:
      return update_adam(parameters, config_, gradient_scale, updates_, slot0, slot1);
  }
  refuse_kind();
}

template class Optimizer<float>;
template class Optimizer<double>;

}  // namespace unroll
