#pragma once

#include <cmath>

#include "unroll/core/types.h"

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

/// One name for the numbers that are worked on together: four floats, or one double.
///
/// Pointwise code is written once over Lanes<S>. The float lanes are a compiler vector, so that the same
/// lines become simd128 in the browser, SSE in native tests and plain scalars in a build without SIMD, all
/// with the same bits: every operation is one IEEE operation per lane, in the order written. The only
/// exception is madd() in the fast build.
namespace unroll {

template <class S>
struct Lanes;

template <>
struct Lanes<float> {
  using Vector = float __attribute__((vector_size(16)));
  using Mask = std::int32_t __attribute__((vector_size(16)));
  static constexpr Index kWidth = 4;
};

template <>
struct Lanes<double> {
  using Vector = double;
  using Mask = bool;
  static constexpr Index kWidth = 1;
};

template <class S>
using LaneVector = typename Lanes<S>::Vector;

using Floats = LaneVector<float>;

/// Reads kWidth numbers; the address needs no alignment beyond that of a number.
template <class S>
inline LaneVector<S> load(const S* from) {
  LaneVector<S> v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

template <class S>
inline void store(S* to, const LaneVector<S>& v) {
  __builtin_memcpy(to, &v, sizeof v);
}

template <class S>
inline LaneVector<S> splat(S x) {
  if constexpr (Lanes<S>::kWidth == 1) {
    return x;
  } else {
    return LaneVector<S>{x, x, x, x};
  }
}

/// a * b + c: two roundings in the strict build, one in the fast build where the machine can.
inline double madd(double a, double b, double c) {
  return a * b + c;
}
inline Floats madd(Floats a, Floats b, Floats c) {
#if defined(UNROLL_FAST)
  return (Floats)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#else
  return a * b + c;
#endif
}

/// b < a ? b : a, lane by lane; a NaN in b gives a, a NaN in a stays. Twice as quick in wasm as the
/// NaN-correct minimum.
inline double lane_min(double a, double b) {
  return b < a ? b : a;
}
inline Floats lane_min(Floats a, Floats b) {
#if defined(__wasm_simd128__)
  return (Floats)wasm_f32x4_pmin((v128_t)a, (v128_t)b);
#else
  return b < a ? b : a;
#endif
}

/// a < b ? b : a, lane by lane; a NaN in b gives a, a NaN in a stays.
inline double lane_max(double a, double b) {
  return a < b ? b : a;
}
inline Floats lane_max(Floats a, Floats b) {
#if defined(__wasm_simd128__)
  return (Floats)wasm_f32x4_pmax((v128_t)a, (v128_t)b);
#else
  return a < b ? b : a;
#endif
}

inline double lane_abs(double a) {
  return std::fabs(a);
}
inline Floats lane_abs(Floats a) {
  return (Floats)((Lanes<float>::Mask)a & 0x7fffffff);
}

inline double lane_sqrt(double a) {
  return std::sqrt(a);
}
inline Floats lane_sqrt(Floats a) {
#if defined(__wasm_simd128__)
  return (Floats)wasm_f32x4_sqrt((v128_t)a);
#else
  return Floats{std::sqrt(a[0]), std::sqrt(a[1]), std::sqrt(a[2]), std::sqrt(a[3])};
#endif
}

/// condition > 0 ? a : 0, lane by lane.
inline double where_positive(double condition, double a) {
  return condition > 0.0 ? a : 0.0;
}
inline Floats where_positive(Floats condition, Floats a) {
  return (Floats)((Lanes<float>::Mask)a & (condition > Floats{}));
}

/// |a| > limit ? a : 0, lane by lane.
inline double flush_below(double limit, double a) {
  return std::fabs(a) > limit ? a : 0.0;
}
inline Floats flush_below(Floats limit, Floats a) {
  return (Floats)((Lanes<float>::Mask)a & (lane_abs(a) > limit));
}

}  // namespace unroll
