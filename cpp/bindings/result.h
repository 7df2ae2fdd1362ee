#pragma once

#include <emscripten/val.h>

#include <exception>
#include <new>
#include <string>

#include "unroll/core/error.h"

/// The engine as JavaScript sees it: few coarse calls, plain data, no exceptions. Every call that can fail
/// returns {ok: true, value} or {ok: false, code, message}.
namespace unroll::bindings {

using emscripten::val;

inline val object() {
  return val::object();
}

inline val success(val value) {
  val result = object();
  result.set("ok", true);
  result.set("value", value);
  return result;
}

inline val failure(ErrorCode code, const std::string& message) {
  val result = object();
  result.set("ok", false);
  result.set("code", std::string(to_string(code)));
  result.set("message", message);
  return result;
}

template <class Action>
val attempt(Action&& action) {
  try {
    return success(action());
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
