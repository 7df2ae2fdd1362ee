#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "unroll/core/rng.h"
#include "unroll/nn/parameters.h"
#include "unroll/nn/stack.h"

namespace unroll {

/// The parts into which a task splits its data.
enum class Part { kTrain, kValidation, kTest };

/// Where a task is in its data, and all else that its next batches depend on.
struct TaskProgress {
  std::int64_t epoch = 0;     // whole passes over the training part done
  Index batch = 0;            // the next one of this pass
  StackState<float> carried;  // where the last batch left the states; empty where none are carried
  Rng::State dropout = {};
};

/// What a task is on, in words; equal for equal tasks only.
struct TaskIdentity {
  std::string network;     // every value of its configuration
  std::string text;        // length and 64-bit FNV-1a of the text's characters
  std::string vocabulary;  // likewise of the characters in the order of their tokens, where it was given
};

/// The mean loss of a network over a part, and what else its task measures there, a piece at a time; the
/// pieces do not change the result.
class TaskEvaluation {
 public:
  /// As bitsPerChar: 1.5; the name is that of a field in JavaScript.
  struct Measure {
    const char* name;
    double value;
  };

  virtual ~TaskEvaluation() = default;

  /// Reads the next piece; nothing when it is done.
  virtual void advance() = 0;
  virtual bool done() const = 0;

  /// Answers given so far, over which the others are means.
  virtual Index positions() const = 0;
  virtual double loss_nats() const = 0;
  virtual Measure measure() const = 0;

  /// Reads at least one piece, then more until it is done or may_go_on() says no.
  template <class MayGoOn>
  void advance_while(MayGoOn&& may_go_on) {
    do {
      advance();
    } while (!done() && may_go_on());
  }
};

/// What a Trainer trains: a network, and data with an order in which they are read.
///
/// A task is made for one Shard of a training: of each batch it reads its own share. What a batch is depends
/// on the configuration, the data and the number of batches before it, on nothing else. How weights change,
/// and what happens when that fails, is the trainer's business.
class Task {
 public:
  virtual ~Task() = default;

  /// Of the network; the same object for as long as the task lives.
  virtual Parameters<float>& parameters() const = 0;
  /// The initial weights again, and the first batch.
  virtual void rewind() = 0;

  struct Loss {
    double nats;   // mean over this replica's share of the batch
    double share;  // of the whole batch; 1 for the only replica
  };
  /// Reads the next batch; sets the gradients of the mean loss over this replica's share.
  virtual Loss next_loss_and_gradients() = 0;

  virtual Index batches_per_epoch() const = 0;
  virtual std::int64_t epoch() const = 0;
  virtual void copy_progress(TaskProgress& progress) const = 0;
  /// Throws Error(kInvalidArgument) for a place that the data do not have; nothing has changed then.
  virtual void put_back(const TaskProgress& progress) = 0;
  /// Numbers in one carried state; 0 where none are carried.
  virtual Index carried_size() const = 0;

  /// Without what the trainer's own configuration says.
  virtual TaskIdentity identity() const = 0;

  /// Of the present weights over a whole part; the task goes on as if there were none.
  virtual std::unique_ptr<TaskEvaluation> evaluate(Part part) const = 0;
};

}  // namespace unroll
