#pragma once

#include <vector>

#include "unroll/training/trainer.h"

/// Steps in slices, so that whoever trains can do something else in between. Where a slice ends may be told
/// by a clock, which the caller has; it changes no bit of what is trained.
namespace unroll {

/// What some steps in a row reported.
struct TrainedSlice {
  std::vector<double> losses;          // of each step that was taken, in nats
  std::vector<double> gradient_norms;  // likewise, before clipping
  std::vector<double> recent_losses;   // likewise: the mean over the last steps

  /// At least one step, then more until there are `max_steps` or may_go_on() says no, which is asked between
  /// two. Throws as Trainer::train_step(); the steps before are kept then.
  template <class MayGoOn>
  void train(Trainer& trainer, double max_steps, MayGoOn may_go_on) {
    do {
      const auto [loss, norm, recent] = trainer.train_step();
      losses.push_back(loss);
      gradient_norms.push_back(norm);
      recent_losses.push_back(recent);
    } while (static_cast<double>(losses.size()) + 1.0 <= max_steps && may_go_on());
  }
};

}  // namespace unroll
