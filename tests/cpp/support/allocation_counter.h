#pragma once

#include <cstdint>

namespace unroll::testing {

/// How often this program has asked for memory by operator new since it started.
std::uint64_t allocations();

}  // namespace unroll::testing
