// Whatever the bytes: restore_state refuses them with a known code and leaves the trainer as it was, or
// restores a state that is saved to the same bytes again, and from which the trainer takes steps or says that
// it diverges.

#include <array>
#include <cstdint>
#include <string>

#include "cpp/support/language_trainer.h"
#include "fuzz/damage.h"
#include "fuzz/require.h"

namespace {

using namespace unroll;
using fuzz::Bytes;
using testing::LanguageTrainer;

/// A small trainer of each kind of state that a file may hold, some steps on its way.
struct Case {
  LanguageTrainer trainer;
  Bytes whole;

  Case(const ModelConfig& model, const TrainConfig& config)
      : trainer(model, config, U"abacabadabacabaeabacabadabacabaf") {
    for (int i = 0; i < 3; ++i) trainer.train_step();
    trainer.observe_validation(1.0);
    whole = trainer.save_state({{"who", "fuzz"}});
  }
};

std::array<Case, 3>& cases() {
  static std::array<Case, 3> all = {
      Case({.network = {.hidden_size = 2, .num_layers = 2, .dropout = 0.5}},
           {.batch_size = 2,
            .seq_len = 3,
            .schedule = ScheduleConfig{.kind = ScheduleKind::kPlateau, .patience = 1, .cooldown = 1}}),
      Case({.network = {.cell = CellKind::kGru, .hidden_size = 2}, .embedding_dim = 1},
           {.batch_size = 1,
            .seq_len = 4,
            .optimizer = {.kind = OptimizerKind::kSgd, .learning_rate = 0.1, .momentum = 0.9},
            .schedule = ScheduleConfig{.kind = ScheduleKind::kCosine, .t_max = 4}}),
      Case({.network = {.cell = CellKind::kRnnRelu, .hidden_size = 3}},
           {.batch_size = 2,
            .seq_len = 2,
            .optimizer = {.kind = OptimizerKind::kRmsprop, .learning_rate = 0.01},
            .schedule = ScheduleConfig{.kind = ScheduleKind::kLinear, .total_iters = 9}})};
  return all;
}

bool is_known(ErrorCode code) {
  return code == ErrorCode::kFileInvalid || code == ErrorCode::kInvalidConfig ||
         code == ErrorCode::kInvalidArgument || code == ErrorCode::kMissingTensor ||
         code == ErrorCode::kShapeMismatch || code == ErrorCode::kNotFinite;
}

void expect_steps(LanguageTrainer& trainer) {
  for (int i = 0; i < 2; ++i) {
    try {
      trainer.train_step();
    } catch (const DivergedError& error) {
      require(trainer.steps() == error.divergence().resumed_at_step);
    }
    trainer.observe_validation(1.0);
  }
}

void try_on(Case& c, std::span<const std::uint8_t> file) {
  LanguageTrainer& trainer = c.trainer;
  Notes notes;
  try {
    notes = trainer.restore_state(file);
  } catch (const Error& error) {
    require(is_known(error.code()));
    require(trainer.save_state({{"who", "fuzz"}}) == c.whole);
    return;
  }
  const Bytes saved = trainer.save_state(notes);
  trainer.restore_state(saved);
  require(trainer.save_state(notes) == saved);
  expect_steps(trainer);
  trainer.restore_state(c.whole);
  require(trainer.save_state({{"who", "fuzz"}}) == c.whole);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  return fuzz::damage(data, size, max_size, cases()[seed % cases().size()].whole, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (Case& c : cases()) try_on(c, {data, size});
  return 0;
}
