#pragma once

#include <memory>

#include "result.h"
#include "unroll/training/trainer.h"

namespace unroll::bindings {

/// What JavaScript asks of a trainer that only its task can answer.
class TaskView {
 public:
  virtual ~TaskView() = default;

  /// Its sizes, beside those that every trainer has.
  virtual val info() const = 0;
  /// A new handle of the network, which shares its weights with the trainer.
  virtual val model() const = 0;
  virtual val baselines() const = 0;
};

/// A TrainerHandle, which takes every other call. `view` is one of `task`.
val trainer_out(std::shared_ptr<Task> task, std::unique_ptr<TaskView> view, const TrainConfig& config);

}  // namespace unroll::bindings
