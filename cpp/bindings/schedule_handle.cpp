#include <emscripten/bind.h>

#include <memory>

#include "configs.h"
#include "counted.h"

namespace unroll::bindings {

namespace {

class ScheduleHandle : Counted {
 public:
  ScheduleHandle(const ScheduleConfig& config, double base_lr) : schedule_(config, base_lr) {}

  double learning_rate() const { return schedule_.learning_rate(); }

  /// The metric is null for schedules that look at none.
  val step(const val& metric) {
    return attempt([&] {
      if (metric.isNull()) {
        schedule_.step();
      } else {
        schedule_.step(number_in("Schedule.step", "metric", metric));
      }
      return val(schedule_.learning_rate());
    });
  }

  val reset() {
    return attempt([&] {
      schedule_.reset();
      return val::null();
    });
  }

 private:
  Schedule schedule_;
};

val create_schedule(const val& config) {
  return attempt([&] {
    double base_lr = 1e-3;
    Fields("ScheduleConfig", config).read("learningRate", base_lr);
    return val(std::make_shared<ScheduleHandle>(schedule_in(config), base_lr));
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_schedule) {
  using namespace unroll::bindings;
  emscripten::class_<ScheduleHandle>("ScheduleHandle")
      .smart_ptr<std::shared_ptr<ScheduleHandle>>("ScheduleHandle")
      .function("learningRate", &ScheduleHandle::learning_rate)
      .function("step", &ScheduleHandle::step)
      .function("reset", &ScheduleHandle::reset);
  emscripten::function("createSchedule", &create_schedule);
}
