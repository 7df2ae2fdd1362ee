#include "sequence_model_handle.h"

#include <emscripten/bind.h>

namespace unroll::bindings {

namespace {

val create_sequence_model(const val& object) {
  return attempt([&] {
    const Fields fields("SequenceModelConfig", object);
    const SequenceModelConfig config = sequence_model_in(fields);
    return val(std::make_shared<SequenceModelHandle>(std::make_shared<SequenceModel<float>>(config)));
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_sequence_model) {
  using namespace unroll::bindings;
  network_class<SequenceModelHandle>("SequenceModelHandle")
      .function("forward", &SequenceModelHandle::forward)
      .function("crossEntropy", &SequenceModelHandle::cross_entropy)
      .function("squaredError", &SequenceModelHandle::squared_error);
  emscripten::function("createSequenceModel", &create_sequence_model);
}
