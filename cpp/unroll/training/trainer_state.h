#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "unroll/nn/optimizer.h"
#include "unroll/nn/schedule.h"
#include "unroll/training/recent_losses.h"
#include "unroll/training/task.h"

namespace unroll {

/// All that a trainer's next steps and what they report depend on, beside its configuration and its data. Two
/// trainers of the same configuration and data that are in the same state do the same from there on, to the
/// bit.
struct TrainerState {
  std::int64_t steps = 0;
  TaskProgress progress;
  AlignedBuffer<float> values;  // the parameters, laid out as inside of the model
  std::int64_t updates = 0;     // of the optimizer, for its bias correction
  std::array<AlignedBuffer<float>, 2> moments;
  double learning_rate = 0.0;
  std::optional<Schedule::State> schedule = {};
  RecentLosses recent_losses = {};  // of the steps before, at most as many as there were
};

/// What a saved state belongs to: it is refused elsewhere.
struct TrainerIdentity {
  std::string config;  // every value of the configuration, in words; with the vocabulary where it was given
  std::string text;    // length and 64-bit FNV-1a of the text's characters
};

/// The first word in which two configurations differ, as "hidden_size=64 instead of hidden_size=32". One may
/// have words at its end that the other has not.
std::string first_difference(const std::string& there, const std::string& here);

using Notes = std::vector<std::pair<std::string, std::string>>;

/// A state as a safetensors file:
///
///   rnn.weight_ih_l0, ...                     the parameters, as in a state_dict
///   optimizer.exp_avg.rnn.weight_ih_l0, ...   the optimizer's moments, if it has any yet
///   carried.h, carried.c (L, B, H)            the carried states, if there are any
///   trainer.counters (4) I64                  steps, epoch, batch, optimizer updates
///   trainer.dropout (4) I64                   the generator of dropout masks
///   trainer.learning_rate (1) F64
///   trainer.schedule (5) F64                  base rate, steps, best, bad, resting, if there is one
///   trainer.recent_losses (N) F64             of the last N = min(steps, 50) steps, if there were any
///
/// and in the metadata the format and its version, the identity, and `notes` of the caller's, whose keys get
/// the prefix "note.". Throws Error(kTooBig) for more notes than a header can hold.
std::vector<std::uint8_t> write_trainer_state(const TrainerState& state, const TrainerIdentity& identity,
                                              const Parameters<float>& parameters, OptimizerKind optimizer,
                                              Index carried_size, const Notes& notes);

struct SavedTrainer {
  TrainerState state;
  Notes notes;
};

/// The state of a file, for a trainer with this identity. `like` is a state of that trainer, for the sizes.
///
/// Throws Error: kFileInvalid for what is no such file, kInvalidConfig for one of another configuration,
/// kInvalidArgument for one of another text, kMissingTensor, kShapeMismatch, kNotFinite.
SavedTrainer read_trainer_state(std::span<const std::uint8_t> file, const TrainerIdentity& identity,
                                const Parameters<float>& parameters, OptimizerKind optimizer,
                                Index carried_size, const TrainerState& like);

}  // namespace unroll
