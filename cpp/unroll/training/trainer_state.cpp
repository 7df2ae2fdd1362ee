#include "unroll/training/trainer_state.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>
#include <limits>

#include "unroll/core/build_info.h"
#include "unroll/core/error.h"
#include "unroll/io/safetensors.h"

namespace unroll {
namespace {

constexpr std::string_view kFormat = "unroll-trainer";
constexpr std::string_view kVersion = "1";
constexpr std::string_view kNotePrefix = "note.";

std::vector<Index> shape_of(const Layout& layout) {
  if (layout.cols == 0) return {layout.rows};
  return {layout.rows, layout.cols};
}

std::string moment_prefix(OptimizerKind kind, std::size_t slot) {
  return "optimizer." + std::string(Optimizer<float>::slot_names(kind)[slot]) + ".";
}

/// Owns the numbers that the views of a file look at until it is written.
class Writer {
 public:
  void add_f32(std::string name, std::vector<Index> shape, std::vector<float> numbers) {
    floats_.push_back(std::move(numbers));
    file.tensors.push_back(view_f32(std::move(name), std::move(shape), floats_.back()));
  }
  void add_block(const std::string& prefix, const Parameters<float>& parameters,
                 const AlignedBuffer<float>& block) {
    for (Index id = 0; id < parameters.count(); ++id) {
      const auto& [name, layout, bound] = parameters.spec(id);
      std::vector<float> numbers(static_cast<std::size_t>(layout.size()));
      unpack(layout, block.data() + (parameters.value(id) - parameters.values().data()), numbers.data());
      add_f32(prefix + name, shape_of(layout), std::move(numbers));
    }
  }
  void add_carried(std::string name, const std::vector<AlignedBuffer<float>>& layers, Index hidden_size) {
    if (layers.empty()) return;
    const Index batch_size = layers.front().size() / padded(hidden_size);
    std::vector<float> numbers;
    for (const AlignedBuffer<float>& layer : layers) {
      for (Index b = 0; b < batch_size; ++b) {
        const float* row = layer.data() + b * padded(hidden_size);
        numbers.insert(numbers.end(), row, row + hidden_size);
      }
    }
    add_f32(std::move(name), {static_cast<Index>(layers.size()), batch_size, hidden_size},
            std::move(numbers));
  }

  SafetensorsFile file;

 private:
  std::deque<std::vector<float>> floats_;
};

/// Looks up tensors by name, and counts them so that none is left over.
class Reader {
 public:
  explicit Reader(const SafetensorsFile& file) : file_(file) {}

  bool has(const std::string& name) const { return file_.find(name) != nullptr; }
  const TensorView& find(const std::string& name, const std::vector<Index>& shape) {
    const TensorView* tensor = file_.find(name);
    if (tensor == nullptr) {
      throw Error(ErrorCode::kMissingTensor,
                  "Trainer::restore_state: the file has no tensor \"" + name + "\"");
    }
    if (tensor->shape != shape) {
      throw Error(ErrorCode::kShapeMismatch,
                  "Trainer::restore_state: tensor \"" + name + "\" has another shape than this trainer's");
    }
    ++used_;
    return *tensor;
  }
  void read_block(const std::string& prefix, const Parameters<float>& parameters,
                  AlignedBuffer<float>& block) {
    block.resize(parameters.values().size());
    for (Index id = 0; id < parameters.count(); ++id) {
      const auto& [name, layout, bound] = parameters.spec(id);
      const std::vector<float> numbers = read_f32(find(prefix + name, shape_of(layout)));
      pack(layout, numbers.data(), block.data() + (parameters.value(id) - parameters.values().data()));
    }
  }
  void read_carried(const std::string& name, const std::vector<AlignedBuffer<float>>& like, Index hidden_size,
                    std::vector<AlignedBuffer<float>>& layers) {
    if (like.empty()) return;
    const Index width = padded(hidden_size);
    const Index batch_size = like.front().size() / width;
    const std::vector<float> numbers =
        read_f32(find(name, {static_cast<Index>(like.size()), batch_size, hidden_size}));
    const float* row = numbers.data();
    for (const AlignedBuffer<float>& own : like) {
      AlignedBuffer<float>& layer = layers.emplace_back(own.size());
      for (Index b = 0; b < batch_size; ++b, row += hidden_size) {
        std::copy_n(row, hidden_size, layer.data() + b * width);
      }
    }
  }
  void finish() const {
    if (used_ == file_.tensors.size()) return;
    throw Error(ErrorCode::kFileInvalid,
                "Trainer::restore_state: the file has tensors that no trainer saves");
  }

 private:
  const SafetensorsFile& file_;
  std::size_t used_ = 0;
};

/// None, as before the first update, or all that the optimizer keeps.
void read_moments(Reader& reader, const Parameters<float>& parameters, OptimizerKind optimizer,
                  TrainerState& state) {
  if (!reader.has(moment_prefix(optimizer, 0) + parameters.spec(0).name)) return;
  const auto names = Optimizer<float>::slot_names(optimizer);
  for (std::size_t slot = 0; slot < names.size() && !names[slot].empty(); ++slot) {
    reader.read_block(moment_prefix(optimizer, slot), parameters, state.moments[slot]);
  }
}

/// Means and sums of squares, of which a root is taken, stand in the last slot of all optimizers but SGD; and
/// all but SGD, whose momentum may have been 0, have moments once they have made an update.
void check_moments(const TrainerState& state, OptimizerKind optimizer) {
  if (optimizer == OptimizerKind::kSgd) return;
  const bool has_two = !Optimizer<float>::slot_names(optimizer)[1].empty();
  const AlignedBuffer<float>& squares = state.moments[has_two ? 1 : 0];
  if ((squares.size() > 0) != (state.updates > 0)) {
    throw Error(ErrorCode::kFileInvalid, "Trainer::restore_state: the file's optimizer has made " +
                                             std::to_string(state.updates) +
                                             " updates, which does not fit its moments");
  }
  for (Index i = 0; i < squares.size(); ++i) {
    if (squares[i] >= 0.0f) continue;
    throw Error(ErrorCode::kFileInvalid,
                "Trainer::restore_state: the file's optimizer has a mean of squares that is negative");
  }
}

void check_identity(const SafetensorsFile& file, const TrainerIdentity& identity) {
  const auto value = [&](std::string_view key) {
    const std::string* found = file.find_metadata(key);
    return found == nullptr ? std::string() : *found;
  };
  if (value("format") != kFormat) {
    throw Error(ErrorCode::kFileInvalid, "Trainer::restore_state: the file is not a saved training state");
  }
  if (value("version") != kVersion || value("generation") != std::to_string(kEngineGeneration)) {
    throw Error(
        ErrorCode::kFileInvalid,
        "Trainer::restore_state: the file was saved by another version of the engine, which would not go on "
        "with the same bits; start the training anew");
  }
  if (value("config") != identity.config) {
    throw Error(ErrorCode::kInvalidConfig, "Trainer::restore_state: the file was saved by a trainer with " +
                                               first_difference(value("config"), identity.config) +
                                               "; restore it into a trainer of the same configuration");
  }
  if (value("text") != identity.text) {
    throw Error(
        ErrorCode::kInvalidArgument,
        "Trainer::restore_state: the file was saved by a trainer on another text; restore it into a trainer "
        "on the same text");
  }
}

std::vector<std::int64_t> words(const Rng::State& state) {
  return {std::bit_cast<std::int64_t>(state[0]), std::bit_cast<std::int64_t>(state[1]),
          std::bit_cast<std::int64_t>(state[2]), std::bit_cast<std::int64_t>(state[3])};
}

Schedule::State schedule_of(const std::vector<double>& numbers, double learning_rate) {
  const double base_lr = numbers[0], steps = numbers[1], best = numbers[2], bad = numbers[3],
               resting = numbers[4];
  // Each within the type that it becomes.
  const auto is_count = [](double x, double most) { return x >= 0.0 && x <= most && x == std::floor(x); };
  constexpr double kMost = std::numeric_limits<std::int32_t>::max();
  if (!is_count(steps, 0x1p53) || !is_count(bad, kMost) || !is_count(resting, kMost) || std::isnan(best) ||
      !(base_lr >= 0.0 && base_lr <= kMaxLearningRate)) {
    throw Error(ErrorCode::kFileInvalid,
                "Trainer::restore_state: the file's schedule has counters that are none");
  }
  return {.base_lr = base_lr,
          .learning_rate = learning_rate,
          .steps = static_cast<std::int64_t>(steps),
          .best = best,
          .bad = static_cast<Index>(bad),
          .resting = static_cast<Index>(resting)};
}

[[noreturn]] void refuse_counters() {
  throw Error(ErrorCode::kFileInvalid, "Trainer::restore_state: the file's counters contradict each other");
}

/// Before it becomes an Index, which may be half as wide.
void expect_batch(std::int64_t batch) {
  if (batch < 0 || batch > std::numeric_limits<std::int32_t>::max()) refuse_counters();
}

void check_counters(const TrainerState& state) {
  const bool sound = state.steps >= 0 && state.progress.epoch >= 0 && state.updates >= 0 &&
                     state.steps <= (std::int64_t{1} << 53) && state.progress.epoch <= state.steps &&
                     state.updates <= state.steps && state.learning_rate >= 0.0;
  if (!sound) refuse_counters();
}

void read_recent_losses(Reader& reader, TrainerState& state) {
  constexpr auto kWindow = static_cast<std::int64_t>(RecentLosses::kWindow);
  const auto count = static_cast<Index>(std::min(state.steps, kWindow));
  if (count == 0) return;
  for (const double loss : read_f64(reader.find("trainer.recent_losses", {count}))) {
    state.recent_losses.add(loss);
  }
}

}  // namespace

std::string first_difference(const std::string& there, const std::string& here) {
  std::size_t begin = 0;
  const std::size_t shorter = std::min(there.size(), here.size());
  std::size_t i = 0;
  for (; i < shorter && there[i] == here[i]; ++i) {
    if (there[i] == ' ') begin = i + 1;
  }
  const std::string& longer = there.size() > here.size() ? there : here;
  if (i == shorter && i < longer.size() && longer[i] == ' ') begin = i + 1;
  const auto word = [begin](const std::string& text) {
    return begin < text.size() ? text.substr(begin, text.find(' ', begin) - begin) : std::string("nothing");
  };
  return word(there) + " instead of " + word(here);
}

std::vector<std::uint8_t> write_trainer_state(const TrainerState& state, const TrainerIdentity& identity,
                                              const Parameters<float>& parameters, OptimizerKind optimizer,
                                              Index carried_size, const Notes& notes) {
  Writer writer;
  writer.file.metadata = {{"format", std::string(kFormat)},
                          {"version", std::string(kVersion)},
                          {"generation", std::to_string(kEngineGeneration)},
                          {"config", identity.config},
                          {"text", identity.text}};
  for (const auto& [key, value] : notes) {
    writer.file.metadata.emplace_back(std::string(kNotePrefix) + key, value);
  }
  writer.add_block("", parameters, state.values);
  for (std::size_t slot = 0; slot < state.moments.size(); ++slot) {
    if (state.moments[slot].size() == 0) continue;
    writer.add_block(moment_prefix(optimizer, slot), parameters, state.moments[slot]);
  }
  writer.add_carried("carried.h", state.progress.carried.h, carried_size);
  writer.add_carried("carried.c", state.progress.carried.c, carried_size);
  const std::vector<std::int64_t> counters = {state.steps, state.progress.epoch, state.progress.batch,
                                              state.updates};
  const std::vector<std::int64_t> dropout = words(state.progress.dropout);
  const std::vector<double> learning_rate = {state.learning_rate};
  writer.file.tensors.push_back(view_i64("trainer.counters", {4}, counters));
  writer.file.tensors.push_back(view_i64("trainer.dropout", {4}, dropout));
  writer.file.tensors.push_back(view_f64("trainer.learning_rate", {1}, learning_rate));
  std::vector<double> schedule;
  if (state.schedule) {
    const Schedule::State& s = *state.schedule;
    // Before its first metric a plateau's best is infinite, which a file must not say; the largest number is
    // as good.
    constexpr double kWorst = std::numeric_limits<double>::max();
    schedule = {s.base_lr, static_cast<double>(s.steps), std::clamp(s.best, -kWorst, kWorst),
                static_cast<double>(s.bad), static_cast<double>(s.resting)};
    writer.file.tensors.push_back(view_f64("trainer.schedule", {5}, schedule));
  }
  const auto recent = state.recent_losses.values();
  if (!recent.empty()) {
    writer.file.tensors.push_back(
        view_f64("trainer.recent_losses", {static_cast<Index>(recent.size())}, recent));
  }
  return write_safetensors(writer.file);
}

SavedTrainer read_trainer_state(std::span<const std::uint8_t> bytes, const TrainerIdentity& identity,
                                const Parameters<float>& parameters, OptimizerKind optimizer,
                                Index carried_size, const TrainerState& like) {
  const SafetensorsFile file = parse_safetensors(bytes);
  check_identity(file, identity);
  Reader reader(file);
  SavedTrainer saved;
  TrainerState& state = saved.state;
  reader.read_block("", parameters, state.values);
  read_moments(reader, parameters, optimizer, state);
  reader.read_carried("carried.h", like.progress.carried.h, carried_size, state.progress.carried.h);
  reader.read_carried("carried.c", like.progress.carried.c, carried_size, state.progress.carried.c);
  const std::vector<std::int64_t> counters = read_i64(reader.find("trainer.counters", {4}));
  state.steps = counters[0];
  expect_batch(counters[2]);
  state.progress.epoch = counters[1];
  state.progress.batch = static_cast<Index>(counters[2]);
  state.updates = counters[3];
  const std::vector<std::int64_t> dropout = read_i64(reader.find("trainer.dropout", {4}));
  for (std::size_t i = 0; i < state.progress.dropout.size(); ++i) {
    state.progress.dropout[i] = std::bit_cast<std::uint64_t>(dropout[i]);
  }
  state.learning_rate = read_f64(reader.find("trainer.learning_rate", {1}))[0];
  if (like.schedule)
    state.schedule = schedule_of(read_f64(reader.find("trainer.schedule", {5})), state.learning_rate);
  check_counters(state);
  read_recent_losses(reader, state);
  reader.finish();
  check_moments(state, optimizer);
  for (const auto& [key, value] : file.metadata) {
    if (key.starts_with(kNotePrefix)) saved.notes.emplace_back(key.substr(kNotePrefix.size()), value);
  }
  return saved;
}

}  // namespace unroll
