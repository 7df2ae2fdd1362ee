#include "language_model_handle.h"

#include <emscripten/bind.h>

#include "model_calls.h"
#include "unroll/training/language_task.h"

namespace unroll::bindings {

namespace {

val create_language_model(const val& object) {
  return attempt([&] {
    const Fields fields("ModelConfig", object);
    ModelConfig config = model_in(fields);
    const auto points =
        array_in<std::uint32_t>("ModelConfig", "vocabulary", fields.get("vocabulary"), "Uint32Array");
    auto vocabulary = std::make_shared<const Vocabulary>(std::u32string(points.begin(), points.end()));
    config.vocab_size = vocabulary->size();
    return val(std::make_shared<LanguageModelHandle>(std::make_shared<LanguageModel<float>>(config),
                                                     std::move(vocabulary)));
  });
}

val plan_model(const val& config) {
  return attempt([&] {
    const Fields fields("ModelConfig", config);
    const ModelConfig model = model_in(fields);
    const TrainConfig train = train_in(fields);
    validate(model);
    validate(train);
    const ModelPlan cost = unroll::plan(model, train);
    val result = object();
    result.set("parameterCount", static_cast<double>(cost.parameter_count));
    result.set("flopsPerChar", cost.flops_per_char);
    result.set("memoryBytes", static_cast<double>(cost.memory_bytes));
    return result;
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_language_model) {
  using namespace unroll::bindings;
  emscripten::class_<GeneratorHandle>("GeneratorHandle")
      .smart_ptr<std::shared_ptr<GeneratorHandle>>("GeneratorHandle")
      .function("next", &GeneratorHandle::next);

  network_class<LanguageModelHandle>("LanguageModelHandle")
      .function("vocabulary", &LanguageModelHandle::vocabulary)
      .function("config", &LanguageModelHandle::config)
      .function("createGenerator", &LanguageModelHandle::create_generator)
      .function("evaluateText", &LanguageModelHandle::evaluate_text)
      .function("evaluateTexts", &evaluate_texts)
      .function("generateMany", &generate_many)
      .function("beamSearch", &beam_search_text)
      .function("probe", &probe_text)
      .function("lossAndGradients", &LanguageModelHandle::loss_and_gradients);
  emscripten::function("createLanguageModel", &create_language_model);
  emscripten::function("planModel", &plan_model);
}
