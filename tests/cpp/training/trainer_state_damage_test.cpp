#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "support/expect_error.h"
#include "support/language_trainer.h"
#include "unroll/io/safetensors.h"

/// A saved training that is whole as a file, but says what no trainer has saved.
namespace unroll::testing::trainer_state_damage_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

LanguageTrainer make_trainer(OptimizerKind optimizer, std::optional<ScheduleConfig> schedule) {
  std::u32string text;
  for (unsigned i = 0; i < 200; ++i) text.push_back(U'a' + i * i % 13);
  const TrainConfig config{
      .batch_size = 3, .seq_len = 5, .optimizer = OptimizerConfig::defaults(optimizer), .schedule = schedule};
  return LanguageTrainer({.network = {.hidden_size = 3}}, config, text);
}

constexpr ScheduleConfig kSteps{.kind = ScheduleKind::kStep, .step_size = 3, .gamma = 0.7};

/// A trainer after four steps, and its state as a file in which something can be changed.
class Saved {
 public:
  explicit Saved(OptimizerKind optimizer = OptimizerKind::kAdam,
                 std::optional<ScheduleConfig> schedule = kSteps)
      : trainer(make_trainer(optimizer, schedule)) {
    for (int i = 0; i < 4; ++i) trainer.train_step();
    whole_ = trainer.save_state();
    file = parse_safetensors(whole_);
  }
  Saved(const Saved&) = delete;

  TensorView& tensor(std::string_view name) { return const_cast<TensorView&>(*file.find(name)); }

  template <class Number>
  void set(std::string_view name, std::size_t index, Number value) {
    Bytes& bytes = changed_.emplace_back(tensor(name).bytes.begin(), tensor(name).bytes.end());
    std::memcpy(&bytes.at(index * sizeof value), &value, sizeof value);
    tensor(name).bytes = bytes;
  }
  void remove(std::string_view prefix) {
    std::erase_if(file.tensors, [&](const TensorView& t) { return t.name.starts_with(prefix); });
  }

  /// Nothing has changed behind a refusal.
  void expect_refused(ErrorCode code, const std::string& says) {
    expect_error(code, says, [&] { trainer.restore_state(write_safetensors(file)); });
    EXPECT_EQ(trainer.save_state(), whole_);
  }

  LanguageTrainer trainer;
  SafetensorsFile file;

 private:
  Bytes whole_;
  std::deque<Bytes> changed_;
};

TEST(TrainerStateDamage, CountersThatContradictEachOtherAreRefused) {
  enum Counter { kSteps, kEpoch, kChunk, kUpdates };
  const std::pair<Counter, std::int64_t> wrong[] = {
      {kSteps, -1},   {kSteps, 3},  {kSteps, (std::int64_t{1} << 53) + 1}, {kEpoch, -1}, {kEpoch, 5},
      {kUpdates, -1}, {kUpdates, 5}};
  for (const auto& [counter, value] : wrong) {
    SCOPED_TRACE(std::to_string(counter) + " is " + std::to_string(value));
    Saved saved;
    saved.set("trainer.counters", counter, value);
    saved.expect_refused(ErrorCode::kFileInvalid, "counters contradict each other");
  }
  Saved saved;
  saved.set("trainer.learning_rate", 0, -1e-3);
  saved.expect_refused(ErrorCode::kFileInvalid, "counters contradict each other");
}

TEST(TrainerStateDamage, AScheduleThatNoneHasBeenInIsRefused) {
  enum Entry { kBaseRate, kSteps, kBest, kBad, kResting };
  const std::pair<Entry, double> wrong[] = {{kBaseRate, -1e-3}, {kSteps, -1.0}, {kSteps, 0.5},
                                            {kSteps, 0x1p54},   {kBad, -1.0},   {kResting, 1.5}};
  for (const auto& [entry, value] : wrong) {
    SCOPED_TRACE(std::to_string(entry) + " is " + std::to_string(value));
    Saved saved;
    saved.set("trainer.schedule", entry, value);
    saved.expect_refused(ErrorCode::kFileInvalid, "schedule has counters that are none");
  }
}

TEST(TrainerStateDamage, MomentsComeAllOrNone) {
  {
    Saved saved;
    saved.remove("optimizer.exp_avg_sq.");
    saved.expect_refused(ErrorCode::kMissingTensor, "no tensor \"optimizer.exp_avg_sq.rnn.weight_ih_l0\"");
  }
  {
    Saved saved;
    saved.remove("optimizer.exp_avg.");
    saved.expect_refused(ErrorCode::kFileInvalid, "tensors that no trainer saves");
  }
  for (OptimizerKind optimizer : {OptimizerKind::kAdamw, OptimizerKind::kRmsprop, OptimizerKind::kAdagrad}) {
    Saved saved(optimizer);
    saved.remove("optimizer.");
    saved.expect_refused(ErrorCode::kFileInvalid, "4 updates, which does not fit its moments");
  }
  Saved saved;
  saved.set("trainer.counters", 3, std::int64_t{0});
  saved.expect_refused(ErrorCode::kFileInvalid, "0 updates, which does not fit its moments");
}

TEST(TrainerStateDamage, AMeanOfSquaresIsNotNegative) {
  const std::pair<OptimizerKind, const char*> squares[] = {{OptimizerKind::kAdam, "exp_avg_sq"},
                                                           {OptimizerKind::kRmsprop, "square_avg"},
                                                           {OptimizerKind::kAdagrad, "sum"}};
  for (const auto& [optimizer, name] : squares) {
    SCOPED_TRACE(name);
    Saved saved(optimizer);
    saved.set("optimizer." + std::string(name) + ".rnn.weight_hh_l0", 7, -1e-20f);
    saved.expect_refused(ErrorCode::kFileInvalid, "mean of squares that is negative");
  }
  Saved saved;
  saved.set("optimizer.exp_avg.rnn.weight_hh_l0", 7, -1e-20f);
  saved.trainer.restore_state(write_safetensors(saved.file));
}

TEST(TrainerStateDamage, AConfigurationThatIsShorterIsNamedByItsFirstWordThatDiffers) {
  const auto refuse = [](std::optional<ScheduleConfig> there, std::optional<ScheduleConfig> here,
                         const char* says) {
    const Bytes file = make_trainer(OptimizerKind::kAdam, there).save_state();
    LanguageTrainer trainer = make_trainer(OptimizerKind::kAdam, here);
    expect_error(ErrorCode::kInvalidConfig, says, [&] { trainer.restore_state(file); });
  };
  refuse(std::nullopt, kSteps, "nothing instead of schedule=step");
  refuse(kSteps, std::nullopt, "schedule=step instead of nothing");

  Saved saved(OptimizerKind::kAdam, std::nullopt);
  for (auto& [key, value] : saved.file.metadata) {
    if (key == "config") value.resize(value.size() - 3);
  }
  saved.expect_refused(ErrorCode::kInvalidConfig, " instead of test=0.05");
}

}  // namespace
}  // namespace unroll::testing::trainer_state_damage_test
