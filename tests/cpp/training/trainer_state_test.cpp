#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "support/expect_error.h"
#include "support/language_trainer.h"
#include "unroll/io/safetensors.h"
#include "unroll/model/state_dict.h"

/// A training that is saved and restored, at any moment and into another trainer, goes on as if nothing had
/// happened.
namespace unroll::testing::trainer_state_test {
namespace {

std::u32string make_text(int length) {
  std::u32string text;
  for (int i = 0; i < length; ++i) text.push_back(static_cast<char32_t>(U'a' + i * i % 13));
  return text;
}

struct Setting {
  ModelConfig model = {.network = {.hidden_size = 9, .num_layers = 2, .dropout = 0.4, .seed = 3}};
  TrainConfig train;
  std::u32string text = make_text(300);

  Setting() {
    train.batch_size = 3;
    train.seq_len = 10;
  }
  LanguageTrainer trainer() const { return LanguageTrainer(model, train, text); }
};

/// Steps, each followed by a look at the validation part that finds it no better, and all that was seen.
std::vector<double> run(LanguageTrainer& trainer, int steps) {
  std::vector<double> facts;
  for (int i = 0; i < steps; ++i) {
    const double rate = trainer.learning_rate();
    const auto [loss, norm, recent] = trainer.train_step();
    trainer.observe_validation(1.0);
    facts.insert(facts.end(), {loss, norm, recent, rate});
  }
  facts.push_back(static_cast<double>(trainer.steps()));
  facts.push_back(static_cast<double>(trainer.epoch()));
  return facts;
}

struct NamedOptimizer {
  const char* name;
  OptimizerKind kind;
  double momentum = 0.0;
  bool nesterov = false;
};

constexpr NamedOptimizer kOptimizers[] = {{"sgd", OptimizerKind::kSgd},
                                          {"momentum", OptimizerKind::kSgd, 0.9},
                                          {"nesterov", OptimizerKind::kSgd, 0.9, true},
                                          {"rmsprop", OptimizerKind::kRmsprop},
                                          {"adagrad", OptimizerKind::kAdagrad},
                                          {"adam", OptimizerKind::kAdam},
                                          {"adamw", OptimizerKind::kAdamw}};

/// Each changes the rate within the steps of the test. The plateau's fall after step 5, so that an epoch's
/// end at step 8 finds it resting a step before, and counting a step later.
const std::optional<ScheduleConfig> kSchedules[] = {
    std::nullopt,
    ScheduleConfig{.kind = ScheduleKind::kStep, .step_size = 3, .gamma = 0.7},
    ScheduleConfig{.kind = ScheduleKind::kCosine, .t_max = 7, .eta_min = 1e-4},
    ScheduleConfig{.kind = ScheduleKind::kLinear, .total_iters = 40},
    ScheduleConfig{.kind = ScheduleKind::kPlateau, .factor = 0.8, .patience = 3, .cooldown = 3},
};

class TrainerState : public ::testing::TestWithParam<std::tuple<CellKind, NamedOptimizer>> {};

/// Saved after `steps` steps of a training and restored into others, which all go on to the same bits.
void expect_continuation(const Setting& setting, int steps, int further) {
  LanguageTrainer trainer = setting.trainer();
  run(trainer, steps);
  trainer.set_learning_rate(0.003);
  const std::vector<std::uint8_t> file = trainer.save_state();
  const std::vector<double> expected = run(trainer, further);

  LanguageTrainer fresh = setting.trainer();
  fresh.restore_state(file);
  EXPECT_EQ(fresh.save_state(), file);
  EXPECT_EQ(run(fresh, further), expected);
  EXPECT_EQ(fingerprint(fresh.model()->parameters()), fingerprint(trainer.model()->parameters()));

  LanguageTrainer used = setting.trainer();
  run(used, 7);
  used.restore_state(file);
  EXPECT_EQ(run(used, further), expected);

  trainer.restore_state(file);
  EXPECT_EQ(run(trainer, further), expected);
  EXPECT_EQ(trainer.save_state(), fresh.save_state());
}

TEST_P(TrainerState, ContinuesToTheSameBitsUnderEverySchedule) {
  const auto& [cell, optimizer] = GetParam();
  for (const std::optional<ScheduleConfig>& schedule : kSchedules) {
    SCOPED_TRACE(schedule ? to_string(schedule->kind) : "no schedule");
    Setting setting;
    setting.model.network.cell = cell;
    setting.model.embedding_dim = cell == CellKind::kGru ? 4 : 0;
    setting.train.optimizer = OptimizerConfig::defaults(optimizer.kind);
    setting.train.optimizer.momentum = optimizer.momentum;
    setting.train.optimizer.nesterov = optimizer.nesterov;
    setting.train.schedule = schedule;
    // Before the first step, in an epoch, at its very end, and behind it.
    const auto epoch = static_cast<int>(setting.trainer().steps_per_epoch());
    for (int steps : {0, 1, epoch - 1, epoch, epoch + 1}) {
      SCOPED_TRACE(steps);
      expect_continuation(setting, steps, epoch + 3);
    }
  }
}

TEST_P(TrainerState, ContinuesToTheSameBitsBehindACheckpointOfTheWatchdog) {
  Setting setting;
  setting.model.network.cell = std::get<0>(GetParam());
  setting.train.optimizer = OptimizerConfig::defaults(std::get<1>(GetParam()).kind);
  expect_continuation(setting, Trainer::kCheckpointEvery + 10, 5);
}

INSTANTIATE_TEST_SUITE_P(All, TrainerState,
                         ::testing::Combine(::testing::ValuesIn(kAllCells), ::testing::ValuesIn(kOptimizers)),
                         [](const auto& info) {
                           return std::string(cell<float>(std::get<0>(info.param)).name) + "_" +
                                  std::get<1>(info.param).name;
                         });

TEST(TrainerStateFile, HasTheNamesThatItSays) {
  LanguageTrainer trainer = Setting().trainer();
  trainer.train_step();
  const std::vector<std::uint8_t> bytes = trainer.save_state({{"who", "me"}});
  const SafetensorsFile file = parse_safetensors(bytes);
  for (const char* name : {"rnn.weight_ih_l0", "head.bias", "optimizer.exp_avg.rnn.weight_hh_l1",
                           "optimizer.exp_avg_sq.head.weight", "carried.h", "carried.c", "trainer.counters",
                           "trainer.dropout", "trainer.learning_rate"}) {
    EXPECT_NE(file.find(name), nullptr) << name;
  }
  EXPECT_EQ(file.find("carried.h")->shape, (std::vector<Index>{2, 3, 9}));
  EXPECT_EQ(read_i64(*file.find("trainer.counters")), (std::vector<std::int64_t>{1, 0, 1, 1}));
  EXPECT_EQ(*file.find_metadata("note.who"), "me");
  EXPECT_EQ(trainer.restore_state(bytes), (Notes{{"who", "me"}}));
}

/// What a refused restore must not change, and what is said.
void expect_refusal(LanguageTrainer& trainer, std::span<const std::uint8_t> file, ErrorCode code,
                    const char* says) {
  const std::vector<std::uint8_t> before = trainer.save_state();
  try {
    trainer.restore_state(file);
    ADD_FAILURE() << "not refused: " << says;
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.code()), to_string(code)) << error.what();
    EXPECT_NE(std::string(error.what()).find(says), std::string::npos) << error.what();
  }
  EXPECT_EQ(trainer.save_state(), before);
}

TEST(TrainerStateFile, IsRefusedElsewhere) {
  const Setting setting;
  LanguageTrainer saved = setting.trainer();
  run(saved, 4);
  const std::vector<std::uint8_t> file = saved.save_state();

  const auto refuse = [&](ErrorCode code, const char* says, auto change) {
    Setting other;
    change(other);
    LanguageTrainer trainer = other.trainer();
    run(trainer, 2);
    expect_refusal(trainer, file, code, says);
  };
  const ErrorCode config = ErrorCode::kInvalidConfig;
  refuse(config, "hidden_size=9 instead of hidden_size=8",
         [](Setting& s) { s.model.network.hidden_size = 8; });
  refuse(config, "seed=3 instead of seed=30", [](Setting& s) { s.model.network.seed = 30; });
  refuse(config, "cell=lstm instead of cell=gru", [](Setting& s) { s.model.network.cell = CellKind::kGru; });
  refuse(config, "seq_len=10 instead of seq_len=11", [](Setting& s) { s.train.seq_len = 11; });
  refuse(config, "optimizer=adam instead",
         [](Setting& s) { s.train.optimizer = {.kind = OptimizerKind::kSgd}; });
  refuse(config, "clip_norm=5 instead of clip_norm=5.0000000000000009",
         [](Setting& s) { s.train.clip_norm = std::nextafter(5.0, 6.0); });
  refuse(ErrorCode::kInvalidArgument, "another text", [](Setting& s) { std::swap(s.text[20], s.text[21]); });
  refuse(ErrorCode::kInvalidArgument, "another text", [](Setting& s) { s.text.pop_back(); });
}

TEST(TrainerStateFile, IsRefusedWhenDamaged) {
  LanguageTrainer trainer = Setting().trainer();
  run(trainer, 4);
  const std::vector<std::uint8_t> good = trainer.save_state();
  const auto refuse = [&](ErrorCode code, const char* says, auto change) {
    SafetensorsFile file = parse_safetensors(good);
    std::vector<std::int64_t> counters = read_i64(*file.find("trainer.counters"));
    std::vector<float> bias = read_f32(*file.find("head.bias"));
    const auto at = [&](const char* name) {
      return std::find_if(file.tensors.begin(), file.tensors.end(),
                          [&](const auto& t) { return t.name == name; });
    };
    change(file, at, counters, bias);
    *at("trainer.counters") = view_i64("trainer.counters", {4}, counters);
    if (at("head.bias") != file.tensors.end()) {
      *at("head.bias") = view_f32("head.bias", {static_cast<Index>(bias.size())}, bias);
    }
    expect_refusal(trainer, write_safetensors(file), code, says);
  };
  refuse(ErrorCode::kMissingTensor, "no tensor \"head.bias\"",
         [](auto& file, auto at, auto&, auto&) { file.tensors.erase(at("head.bias")); });
  refuse(ErrorCode::kMissingTensor, "no tensor \"optimizer.exp_avg.rnn.weight_hh_l0\"",
         [](auto& file, auto at, auto&, auto&) {
           file.tensors.erase(at("optimizer.exp_avg.rnn.weight_hh_l0"));
         });
  refuse(ErrorCode::kFileInvalid, "tensors that no trainer saves",
         [](auto&, auto at, auto&, auto&) { at("optimizer.exp_avg.rnn.weight_ih_l0")->name = "other"; });
  refuse(ErrorCode::kShapeMismatch, "\"head.bias\"", [](auto&, auto, auto&, auto& bias) { bias.pop_back(); });
  refuse(ErrorCode::kNotFinite, "head.bias", [](auto&, auto, auto&, auto& bias) { bias[1] = INFINITY; });
  refuse(ErrorCode::kFileInvalid, "counters", [](auto&, auto, auto& counters, auto&) { counters[0] = -1; });
  refuse(ErrorCode::kFileInvalid, "counters", [](auto&, auto, auto& counters, auto&) { counters[3] = 5; });
  refuse(ErrorCode::kInvalidArgument, "chunk",
         [](auto&, auto, auto& counters, auto&) { counters[2] = 1000; });
  // As an Index of 32 bits these would be chunks that there are.
  for (std::int64_t chunk : {std::int64_t{1} << 32, -(std::int64_t{1} << 32), std::int64_t{-1}}) {
    refuse(ErrorCode::kFileInvalid, "counters",
           [chunk](auto&, auto, auto& counters, auto&) { counters[2] = chunk; });
  }
  refuse(ErrorCode::kFileInvalid, "not a saved training state",
         [](auto& file, auto, auto&, auto&) { file.metadata.clear(); });
  refuse(ErrorCode::kFileInvalid, "another version",
         [](auto& file, auto, auto&, auto&) { file.metadata[2].second = "0"; });
  for (std::size_t length = 0; length < good.size(); length += 61) {
    expect_refusal(trainer, std::span(good).first(length), ErrorCode::kFileInvalid, "");
  }
}

/// Counters of a schedule, each within the type that it becomes.
TEST(TrainerStateFile, IsRefusedWithAScheduleThatIsNone) {
  Setting setting;
  setting.train.schedule = ScheduleConfig{.kind = ScheduleKind::kPlateau};
  LanguageTrainer trainer = setting.trainer();
  run(trainer, 2);
  const std::vector<std::uint8_t> good = trainer.save_state();
  const auto with = [&](std::size_t place, double value) {
    SafetensorsFile file = parse_safetensors(good);
    for (TensorView& tensor : file.tensors) {
      if (tensor.name != "trainer.schedule") continue;
      std::vector<double> numbers = read_f64(tensor);
      numbers[place] = value;
      tensor = view_f64("trainer.schedule", {5}, numbers);
      return write_safetensors(file);
    }
    return std::vector<std::uint8_t>();
  };
  LanguageTrainer other = setting.trainer();
  other.restore_state(with(3, 7.0));
  const std::pair<std::size_t, double> wrong[] = {{0, -1.0}, {0, 1e10}, {1, 0.5},  {1, 1e16}, {3, -1.0},
                                                  {3, 0.5},  {3, 4e9},  {4, -1.0}, {4, 1e300}};
  for (const auto& [place, value] : wrong) {
    expect_refusal(trainer, with(place, value), ErrorCode::kFileInvalid, "counters that are none");
  }
}

}  // namespace
}  // namespace unroll::testing::trainer_state_test
