#pragma once

#include <string_view>

namespace unroll {

/// Raised whenever compiler, flags or arithmetic change the bits of a training run. Links and files carry it,
/// so that a result that was claimed with another generation is not called wrong.
inline constexpr int kEngineGeneration = 1;

/// "strict": the same bits everywhere. "fast": fused multiply-add. "scalar": strict without SIMD, for tests.
inline constexpr std::string_view kBuild =
#if defined(UNROLL_FAST)
    "fast";
#elif defined(__wasm_simd128__) || !defined(__wasm__)
    "strict";
#else
    "scalar";
#endif

}  // namespace unroll
