#pragma once

#include <cstdlib>

/// What has to be true whatever the bytes; the fuzzer keeps the input with which it was not.
inline void require(bool truth) {
  if (!truth) std::abort();
}
