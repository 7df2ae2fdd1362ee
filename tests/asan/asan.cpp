#include <emscripten/bind.h>

#include <cstddef>
#include <vector>

/// What the module under AddressSanitizer has beside the engine.

/// The check keeps freed memory for a while, so that uses after free are noticed; by default more of it than
/// a test of flat memory could tell from a leak.
extern "C" const char* __asan_default_options() {
  return "quarantine_size_mb=8";
}

namespace {

/// A mistake for the test that the check works: nothing asks whether `place` is below `size`.
float read_at(int size, int place) {
  const std::vector<float> values(static_cast<std::size_t>(size), 1.0f);
  const volatile float* data = values.data();
  return data[place];
}

}  // namespace

EMSCRIPTEN_BINDINGS(unroll_asan) {
  emscripten::function("readAt", &read_at);
}
