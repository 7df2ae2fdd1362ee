#pragma once

#include "unroll/math/lanes.h"

/// exp, tanh and the logistic function, the same bits on every machine.
///
/// float: one fixed rational or polynomial each, fitted for this project by reweighted least squares to the
/// relative error and then searched over neighbouring floats.
///
///   tanh(x)    = x P(x^2) / Q(x^2), degrees 4 and 4 in x^2, |x| <= 9.02, result within [-1, 1];
///                at most 6.3 ulp, absolute error at most 3.8e-7
///   sigmoid(x) = tanh(x / 2) / 2 + 1/2; absolute error at most 2.2e-7 (not relative: sigmoid(-20) is 0)
///   exp(x)     = 2^k e^r, k = round(x / ln 2), e^r = 1 + r + r^2 p(r), degree 4; x clamped to [-87, 88]; at
///                most 1.0 ulp
///
/// The bounds hold for every float. Of a NaN each makes a NaN, so that a network that has diverged is seen in
/// its loss.
///
/// double: the functions of the C++ library; used for tests and gradient checks only.
namespace unroll {

namespace elementary {

/// The constants live in memory that the compiler cannot see through: V8 builds a vector constant anew each
/// time it meets one in a loop, which costs a third of the speed; a load is free.
struct Constants {
  float tanh_limit[4];
  float tanh_p[4][4];  // P's coefficients of x^2 .. x^8; the constant one is 1
  float tanh_q[4][4];  // Q's likewise
  float one[4];
  float half[4];
  float exp_low[4], exp_high[4];
  float log2_e[4];
  float round_magic[4];  // 1.5 * 2^23: adding it rounds to an integer
  float ln2_high[4], ln2_low[4];
  float exp_p[5][4];
};
extern const Constants kConstants;

}  // namespace elementary

inline double lane_tanh(double x) {
  return std::tanh(x);
}
inline double lane_sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}
inline double lane_exp(double x) {
  return std::exp(x);
}

inline Floats lane_tanh(Floats x) {
  const auto& k = elementary::kConstants;
  const Floats limit = load(k.tanh_limit);
  const Floats one = load(k.one);
  x = lane_max(lane_min(x, limit), -limit);
  const Floats u = x * x;
  Floats p = madd(load(k.tanh_p[3]), u, load(k.tanh_p[2]));
  Floats q = madd(load(k.tanh_q[3]), u, load(k.tanh_q[2]));
  p = madd(p, u, load(k.tanh_p[1]));
  q = madd(q, u, load(k.tanh_q[1]));
  p = madd(p, u, load(k.tanh_p[0]));
  q = madd(q, u, load(k.tanh_q[0]));
  p = madd(p, u, one);
  q = madd(q, u, one);
  return lane_max(lane_min(x * p / q, one), -one);
}

inline Floats lane_sigmoid(Floats x) {
  const Floats half = load(elementary::kConstants.half);
  return madd(lane_tanh(x * half), half, half);
}

inline Floats lane_exp(Floats x) {
  const auto& k = elementary::kConstants;
  x = lane_max(lane_min(x, load(k.exp_high)), load(k.exp_low));
  const Floats magic = load(k.round_magic);
  const Floats shifted = madd(x, load(k.log2_e), magic);
  const Floats n = shifted - magic;
  Floats r = madd(n, -load(k.ln2_high), x);
  r = madd(n, -load(k.ln2_low), r);
  Floats p = madd(load(k.exp_p[4]), r, load(k.exp_p[3]));
  p = madd(p, r, load(k.exp_p[2]));
  p = madd(p, r, load(k.exp_p[1]));
  p = madd(p, r, load(k.exp_p[0]));
  const Floats e = madd(p, r * r, r) + load(k.one);
  // The low bits of `shifted` hold n; moved to the exponent they add n to that of e.
  using Bits = Lanes<float>::Mask;
  return (Floats)((Bits)e + ((Bits)shifted << 23));
}

}  // namespace unroll
