#include "unroll/training/classification_task.h"

#include <emscripten/bind.h>

#include <optional>

#include "sequence_model_handle.h"
#include "trainer_handle.h"

namespace unroll::bindings {

namespace {

class ClassificationTaskView final : public TaskView {
 public:
  explicit ClassificationTaskView(std::shared_ptr<ClassificationTask> task) : task_(std::move(task)) {}

  val info() const override {
    const std::u32string& characters = task_->vocabulary().characters();
    val result = object();
    result.set("vocabulary",
               copy_out(reinterpret_cast<const std::uint32_t*>(characters.data()), characters.size()));
    result.set("trainTexts", static_cast<double>(task_->size(Part::kTrain)));
    result.set("validationTexts", static_cast<double>(task_->size(Part::kValidation)));
    result.set("testTexts", static_cast<double>(task_->size(Part::kTest)));
    result.set("memoryBytes", static_cast<double>(task_->memory_bytes()));
    return result;
  }
  val model() const override { return val(std::make_shared<SequenceModelHandle>(task_->model())); }
  val baselines() const override { return val::null(); }

 private:
  std::shared_ptr<ClassificationTask> task_;
};

/// `given`: the classifier to start from, or null. `data`: {lines, labels, known}; UTF-8, classes, and UTF-8
/// of the characters that `given` knows
val create_classifier_trainer(const val& given, const val& object, const val& data) {
  return attempt([&] {
    const Fields fields("TrainerConfig", object);
    const Fields own("Trainer", data);
    std::optional<Vocabulary> vocabulary;
    std::optional<StartingClassifier> start;
    if (!given.isNull()) {
      vocabulary.emplace(text_in("Trainer", "vocabulary", own.get("known")));
      start.emplace(given.as<const SequenceModelHandle*>(emscripten::allow_raw_pointers())->network(),
                    *vocabulary);
    }
    const TrainConfig train = train_in(fields);
    const std::u32string text = text_in("Trainer", "texts", own.get("lines"));
    const auto classes = array_in<TokenId>("Trainer", "labels", own.get("labels"), "Int32Array");
    auto task = std::make_shared<ClassificationTask>(sequence_model_in(fields), train,
                                                     LabelledLines{.lines = text, .labels = classes},
                                                     start ? &*start : nullptr);
    return trainer_out(task, std::make_unique<ClassificationTaskView>(task), train);
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_classification_task) {
  emscripten::function("createClassifierTrainer", &unroll::bindings::create_classifier_trainer);
}
