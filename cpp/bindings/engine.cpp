#include <emscripten/bind.h>
#include <emscripten/heap.h>
#include <malloc.h>
#if __has_feature(address_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif

#include <cmath>
#include <string>
#include <vector>

#include "counted.h"
#include "unroll/core/build_info.h"
#include "unroll/core/error.h"
#include "unroll/math/peak.h"
#include "values_out.h"

/// What the engine says about itself.
namespace unroll::bindings {

namespace {

val build_info() {
  val result = object();
  result.set("generation", kEngineGeneration);
  result.set("build", std::string(kBuild));
  return result;
}

val error_codes() {
  std::vector<std::string> codes;
  for (int code = 0; code <= static_cast<int>(kLastErrorCode); ++code) {
    codes.emplace_back(to_string(static_cast<ErrorCode>(code)));
  }
  return list_out(codes);
}

/// What is no number counts as none: fmax() takes the other.
Index at_most_a_million(double repetitions) {
  return static_cast<Index>(std::fmin(std::fmax(repetitions, 0.0), 1e6));
}
double run_chain(double repetitions) {
  return run_multiply_add_chain(at_most_a_million(repetitions));
}
double run_kernel(double repetitions) {
  return run_product_kernel(at_most_a_million(repetitions));
}

int live_objects() {
  return Counted::alive;
}
double heap_bytes() {
  return static_cast<double>(emscripten_get_heap_size());
}
double used_bytes() {
#if __has_feature(address_sanitizer)
  return static_cast<double>(__sanitizer_get_current_allocated_bytes());  // malloc is the check's own there
#else
  return static_cast<double>(mallinfo().uordblks);
#endif
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_engine) {
  using namespace unroll::bindings;
  emscripten::function("buildInfo", &build_info);
  emscripten::function("errorCodes", &error_codes);
  emscripten::function("runMultiplyAddChain", &run_chain);
  emscripten::function("runProductKernel", &run_kernel);
  emscripten::function("liveObjects", &live_objects);
  emscripten::function("heapBytes", &heap_bytes);
  emscripten::function("usedBytes", &used_bytes);
}
