#pragma once

namespace unroll::bindings {

/// Counts the handles that JavaScript has not deleted yet.
struct Counted {
  Counted() { ++alive; }
  Counted(const Counted&) = delete;
  ~Counted() { --alive; }
  static inline int alive = 0;
};

}  // namespace unroll::bindings
