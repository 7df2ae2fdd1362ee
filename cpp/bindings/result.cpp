#include "result.h"

#include <exception>
#include <new>
#include <string>

#include "unroll/core/error.h"

namespace unroll::bindings {
namespace {

val success(const val& value) {
  val result = object();
  result.set("ok", true);
  result.set("value", value);
  return result;
}

val failure(ErrorCode code, const std::string& message) {
  val result = object();
  result.set("ok", false);
  result.set("code", std::string(to_string(code)));
  result.set("message", message);
  return result;
}

}  // namespace

val attempt_call(val (*call)(void* action), void* action) {
  try {
    return success(call(action));
  } catch (const Error& e) {
    return failure(e.code(), e.what());
  } catch (const std::bad_alloc&) {
    return failure(
        ErrorCode::kOutOfMemory,
        "the engine: there is not enough memory for this; choose a smaller model, batch or sequence length");
  } catch (const std::exception& e) {
    return failure(ErrorCode::kInternal, e.what());
  }
}

}  // namespace unroll::bindings
