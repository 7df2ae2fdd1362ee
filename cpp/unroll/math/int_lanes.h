#pragma once

#include "unroll/math/lanes.h"

/// Vectors of whole numbers beside the Floats of lanes.h. Their arithmetic is exact, so every build has the
/// same bits.
namespace unroll {

using Ints = std::int32_t __attribute__((vector_size(16)));
using Shorts = std::int16_t __attribute__((vector_size(16)));

/// Eight bytes, widened.
inline Shorts load_bytes(const std::int8_t* from) {
#if defined(__wasm_simd128__)
  return (Shorts)wasm_i16x8_load8x8(from);
#else
  Shorts v;
  for (int i = 0; i < 8; ++i) v[i] = from[i];
  return v;
#endif
}

/// Two numbers, four times.
inline Shorts splat_pair(const std::int16_t* from) {
#if defined(__wasm_simd128__)
  return (Shorts)wasm_v128_load32_splat(from);
#else
  return Shorts{from[0], from[1], from[0], from[1], from[0], from[1], from[0], from[1]};
#endif
}

/// a[2i] * b[2i] + a[2i + 1] * b[2i + 1] for i = 0 .. 3.
inline Ints dot_pairs(Shorts a, Shorts b) {
#if defined(__wasm_simd128__)
  return (Ints)wasm_i32x4_dot_i16x8((v128_t)a, (v128_t)b);
#else
  Ints v;
  for (int i = 0; i < 4; ++i) v[i] = a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1];
  return v;
#endif
}

/// Both as one vector of shorter numbers, which must hold them.
inline Shorts narrow(Ints a, Ints b) {
#if defined(__wasm_simd128__)
  return (Shorts)wasm_i16x8_narrow_i32x4((v128_t)a, (v128_t)b);
#else
  Shorts v;
  for (int i = 0; i < 4; ++i) {
    v[i] = static_cast<std::int16_t>(a[i]);
    v[i + 4] = static_cast<std::int16_t>(b[i]);
  }
  return v;
#endif
}

/// The nearest float of each.
inline Floats to_floats(Ints a) {
  return __builtin_convertvector(a, Floats);
}

/// a < b ? b : a, lane by lane.
inline Ints lane_max(Ints a, Ints b) {
#if defined(__wasm_simd128__)
  return (Ints)wasm_i32x4_max((v128_t)a, (v128_t)b);
#else
  return a < b ? b : a;
#endif
}

}  // namespace unroll
