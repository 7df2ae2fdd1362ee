#pragma once

#include <emscripten/val.h>

#include <type_traits>

/// The engine as JavaScript sees it: few coarse calls, plain data, no exceptions. Every call that can fail
/// returns {ok: true, value} or {ok: false, code, message}.
namespace unroll::bindings {

using emscripten::val;

inline val object() {
  return val::object();
}

/// `call(action)` as a result. One function for all calls, as what catches would stand in each of them
/// otherwise.
val attempt_call(val (*call)(void* action), void* action);

template <class Action>
val attempt(Action&& action) {
  using Own = std::remove_reference_t<Action>;
  return attempt_call([](void* own) { return val((*static_cast<Own*>(own))()); }, &action);
}

}  // namespace unroll::bindings
