#include "trainer_handle.h"

#include <emscripten/bind.h>
#include <emscripten/emscripten.h>

#include <memory>
#include <string>
#include <vector>

#include "configs.h"
#include "counted.h"
#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/training/trained_slice.h"
#include "values_out.h"

namespace unroll::bindings {

namespace {

/// Says yes until `max_ms` are over.
auto before(double max_ms) {
  return [end = emscripten_get_now() + max_ms] { return emscripten_get_now() < end; };
}

class TrainerHandle : Counted {
 public:
  TrainerHandle(std::shared_ptr<Task> task, std::unique_ptr<TaskView> view, const TrainConfig& config)
      : trainer_(std::move(task), config), view_(std::move(view)) {}

  val info() const {
    val result = view_->info();
    result.set("parameterCount", static_cast<double>(trainer_.task().parameters().size()));
    result.set("stepsPerEpoch", static_cast<double>(trainer_.steps_per_epoch()));
    return result;
  }

  /// At least one step, then more until `max_steps` are done or `max_ms` are over.
  val train_slice(double max_steps, double max_ms) {
    return attempt([&] {
      if (!(max_steps >= 1.0)) reject("Trainer.trainSlice", "maxSteps", val(max_steps), "a number from 1 on");
      if (!(max_ms >= 0.0)) reject("Trainer.trainSlice", "maxMs", val(max_ms), "a number from 0 on");
      TrainedSlice slice;
      val result = advanced([&] { slice.train(trainer_, max_steps, before(max_ms)); });
      result.set("losses", copy_out(slice.losses));
      result.set("gradNorms", copy_out(slice.gradient_norms));
      result.set("recentLosses", copy_out(slice.recent_losses));
      return result;
    });
  }

  /// `into`: a Float32Array for the gradients, or null for a new one.
  val shard_gradients(const val& into) {
    return attempt([&] {
      if (!into.isNull()) check_gradients("Trainer.shardGradients", "into", into);
      const auto [loss, values] = trainer_.gradients();
      const val view(emscripten::typed_memory_view(values.size(), values.data()));
      val result = object();
      result.set("loss", loss);
      if (into.isNull()) {
        result.set("gradients", view.call<val>("slice"));
      } else {
        into.call<void>("set", view);
        result.set("gradients", into);
      }
      return result;
    });
  }

  /// `replicas`: {loss, gradients}[], one of each replica in their order
  val apply_gradients(const val& replicas) {
    return attempt([&] {
      const char* who = "Trainer.applyGradients";
      const auto count = static_cast<std::size_t>(trainer_.config().shard.count);
      if (!replicas.isArray() || replicas["length"].as<double>() != static_cast<double>(count))
        reject(who, "replicas", replicas, "an array with the gradients of each replica");
      received_.resize(count);
      std::vector<Trainer::Gradients> own(count);
      for (std::size_t i = 0; i < count; ++i) {
        const Fields fields(who, replicas[static_cast<unsigned>(i)]);
        const val gradients = fields.get("gradients");
        check_gradients(who, "gradients", gradients);
        received_[i].resize(gradients_size());
        const auto size = static_cast<std::size_t>(gradients_size());
        val(emscripten::typed_memory_view(size, received_[i].data())).call<void>("set", gradients);
        own[i] = {.loss_nats = number_in(who, "loss", fields.get("loss")),
                  .values = {received_[i].data(), size}};
      }
      Trainer::Step step = {};
      val result = advanced([&] { step = trainer_.apply(own); });
      result.set("loss", step.loss_nats);
      result.set("gradNorm", step.gradient_norm);
      result.set("recentLoss", step.recent_loss);
      return result;
    });
  }

  val begin_evaluation(const std::string& part) {
    return attempt([&] {
      evaluation_ = trainer_.task().evaluate(part_in(part));
      return val::null();
    });
  }

  val continue_evaluation(double max_ms) {
    return attempt([&] {
      if (!evaluation_) {
        throw Error(ErrorCode::kWrongState, "Trainer.continueEvaluation: call beginEvaluation() first");
      }
      evaluation_->advance_while(before(max_ms));
      const auto [name, value] = evaluation_->measure();
      val result = object();
      result.set("done", evaluation_->done());
      result.set("positions", static_cast<double>(evaluation_->positions()));
      result.set("lossNats", evaluation_->loss_nats());
      result.set(name, value);
      return result;
    });
  }

  val baselines() const {
    return attempt([&] { return view_->baselines(); });
  }

  val model() const { return view_->model(); }

  val rewind() {
    return attempt([&] {
      evaluation_.reset();
      trainer_.rewind();
      return val::null();
    });
  }

  double steps() const { return static_cast<double>(trainer_.steps()); }
  /// null before the first step
  val recent_loss() const {
    const RecentLosses& own = trainer_.recent_losses();
    return own.values().empty() ? val::null() : val(own.mean());
  }

  /// notes: [key, value][]
  val save_state(const val& notes) const {
    return attempt([&] {
      Notes own;
      const auto count = notes["length"].as<unsigned>();
      for (unsigned i = 0; i < count; ++i) {
        const val key = notes[i][0];
        const val value = notes[i][1];
        if (!key.isString() || !value.isString())
          reject("Trainer.saveState", "notes", notes, "pairs of strings");
        own.emplace_back(key.as<std::string>(), value.as<std::string>());
      }
      return copy_out(trainer_.save_state(own));
    });
  }
  /// Returns the notes.
  val restore_state(const val& file) {
    return attempt([&] {
      const Notes notes =
          trainer_.restore_state(array_in<std::uint8_t>("Trainer.restoreState", "file", file, "Uint8Array"));
      evaluation_.reset();
      val result = val::array();
      for (const auto& [key, value] : notes) {
        result.call<void>("push", list_out(std::vector<std::string>{key, value}));
      }
      return result;
    });
  }

  val parameter_statistics() const {
    return attempt([&] {
      val result = val::array();
      for (const ParameterStatistics& own : trainer_.parameter_statistics()) {
        val entry = object();
        entry.set("name", own.name);
        entry.set("gradNorm", own.gradient_norm);
        entry.set("weightNorm", own.weight_norm);
        entry.set("updateNorm", own.update_norm);
        entry.set("updateRatio", own.update_ratio ? val(*own.update_ratio) : val::null());
        result.call<void>("push", entry);
      }
      return result;
    });
  }

  double learning_rate() const { return trainer_.learning_rate(); }
  val configure_optimizer(const val& config) {
    return attempt([&] {
      trainer_.configure_optimizer(optimizer_in(config));
      return val::null();
    });
  }
  val set_clipping(double clip_norm, double clip_value) {
    return attempt([&] {
      trainer_.set_clipping(clip_norm, clip_value);
      return val::null();
    });
  }
  /// null: the learning rate stays
  val set_schedule(const val& config) {
    return attempt([&] {
      trainer_.set_schedule(config.isNull() ? std::nullopt : std::optional(schedule_in(config)));
      return val::null();
    });
  }
  val observe_validation(double loss_nats) {
    return attempt([&] {
      trainer_.observe_validation(loss_nats);
      return val::null();
    });
  }
  val set_learning_rate(double learning_rate) {
    return attempt([&] {
      trainer_.set_learning_rate(learning_rate);
      return val::null();
    });
  }

 private:
  /// Of the gradients of one replica, padding included.
  Index gradients_size() const { return trainer_.task().parameters().gradients().size(); }

  void check_gradients(const char* who, const char* field, const val& value) const {
    if (value.isNull() || value.isUndefined() || !value.instanceof (val::global("Float32Array")))
      reject(who, field, value, "a Float32Array");
    const double length = value["length"].as<double>();
    if (length == static_cast<double>(gradients_size())) return;
    throw Error(ErrorCode::kShapeMismatch, std::string(who) + ": " + field + " has " + number_text(length) +
                                               " numbers, expected " + std::to_string(gradients_size()) +
                                               ", as this trainer's own");
  }

  /// Where the trainer stands after these steps, and whether it diverged in the last of them.
  template <class Steps>
  val advanced(const Steps& take_steps) {
    val divergence = val::null();
    try {
      take_steps();
    } catch (const DivergedError& error) {
      divergence = divergence_out(error);
    }
    val result = object();
    result.set("divergence", divergence);
    result.set("step", static_cast<double>(trainer_.steps()));
    result.set("epoch", static_cast<double>(trainer_.epoch()));
    return result;
  }

  static val divergence_out(const DivergedError& error) {
    const Divergence& own = error.divergence();
    val result = object();
    result.set("message", std::string(error.what()));
    result.set("step", static_cast<double>(own.step));
    result.set("of", std::string(to_string(own.of)));
    result.set("parameter", own.parameter.empty() ? val::null() : val(own.parameter));
    result.set("layer", own.layer < 0 ? val::null() : val(static_cast<double>(own.layer)));
    result.set("resumedAtStep", static_cast<double>(own.resumed_at_step));
    return result;
  }

  static Part part_in(const std::string& part) {
    if (part == "train") return Part::kTrain;
    if (part == "validation") return Part::kValidation;
    if (part == "test") return Part::kTest;
    reject("Trainer.beginEvaluation", "part", val(part), "train, validation or test");
  }

  Trainer trainer_;
  std::unique_ptr<TaskView> view_;
  std::unique_ptr<TaskEvaluation> evaluation_;
  std::vector<AlignedBuffer<float>> received_;  // the replicas' gradients of the last step
};

}  // namespace

val trainer_out(std::shared_ptr<Task> task, std::unique_ptr<TaskView> view, const TrainConfig& config) {
  return val(std::make_shared<TrainerHandle>(std::move(task), std::move(view), config));
}

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_trainer) {
  using namespace unroll::bindings;
  emscripten::class_<TrainerHandle>("TrainerHandle")
      .smart_ptr<std::shared_ptr<TrainerHandle>>("TrainerHandle")
      .function("info", &TrainerHandle::info)
      .function("trainSlice", &TrainerHandle::train_slice)
      .function("shardGradients", &TrainerHandle::shard_gradients)
      .function("applyGradients", &TrainerHandle::apply_gradients)
      .function("steps", &TrainerHandle::steps)
      .function("recentLoss", &TrainerHandle::recent_loss)
      .function("saveState", &TrainerHandle::save_state)
      .function("restoreState", &TrainerHandle::restore_state)
      .function("parameterStatistics", &TrainerHandle::parameter_statistics)
      .function("beginEvaluation", &TrainerHandle::begin_evaluation)
      .function("continueEvaluation", &TrainerHandle::continue_evaluation)
      .function("baselines", &TrainerHandle::baselines)
      .function("model", &TrainerHandle::model)
      .function("rewind", &TrainerHandle::rewind)
      .function("learningRate", &TrainerHandle::learning_rate)
      .function("configureOptimizer", &TrainerHandle::configure_optimizer)
      .function("setClipping", &TrainerHandle::set_clipping)
      .function("setSchedule", &TrainerHandle::set_schedule)
      .function("observeValidation", &TrainerHandle::observe_validation)
      .function("setLearningRate", &TrainerHandle::set_learning_rate);
}
