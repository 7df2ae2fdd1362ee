#include "unroll/training/language_task.h"

#include <emscripten/bind.h>

#include "language_model_handle.h"
#include "trainer_handle.h"
#include "unroll/training/baselines.h"

namespace unroll::bindings {

namespace {

class LanguageTaskView final : public TaskView {
 public:
  explicit LanguageTaskView(std::shared_ptr<LanguageTask> task) : task_(std::move(task)) {}

  val info() const override {
    val result = object();
    result.set("vocabSize", static_cast<double>(task_->model()->config().vocab_size));
    result.set("trainChars", static_cast<double>(task_->tokens(Part::kTrain).size()));
    result.set("validationChars", static_cast<double>(task_->tokens(Part::kValidation).size()));
    result.set("testChars", static_cast<double>(task_->tokens(Part::kTest).size()));
    result.set("memoryBytes", static_cast<double>(task_->cost().memory_bytes));
    return result;
  }

  val model() const override {
    return val(std::make_shared<LanguageModelHandle>(task_->model(), task_->vocabulary()));
  }

  val baselines() const override {
    const Baselines own = unroll::baselines(task_->tokens(Part::kTrain), task_->tokens(Part::kValidation),
                                            task_->model()->config().vocab_size);
    val result = object();
    result.set("uniform", own.uniform);
    result.set("unigram", own.unigram);
    result.set("bigram", own.bigram);
    return result;
  }

 private:
  std::shared_ptr<LanguageTask> task_;
};

/// `given`: the model to start from, which has what `object` leaves out; or null
val create_language_trainer(const val& given, const val& object, const val& text) {
  return attempt([&] {
    const auto* model =
        given.isNull() ? nullptr : given.as<const LanguageModelHandle*>(emscripten::allow_raw_pointers());
    const Fields fields("TrainerConfig", object);
    bool grow_vocabulary = false;
    fields.read("growVocabulary", grow_vocabulary);
    std::optional<StartingModel> start;
    if (model != nullptr) start.emplace(model->network(), model->characters(), grow_vocabulary);
    const TrainConfig train = train_in(fields);
    auto task = std::make_shared<LanguageTask>(
        model_in(fields, model == nullptr ? ModelConfig{} : model->network().config()), train,
        text_in("Trainer", "text", text), start ? &*start : nullptr);
    return trainer_out(task, std::make_unique<LanguageTaskView>(task), train);
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_language_task) {
  emscripten::function("createLanguageTrainer", &unroll::bindings::create_language_trainer);
}
