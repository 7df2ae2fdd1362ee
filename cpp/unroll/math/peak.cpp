#include "unroll/math/peak.h"

#include "unroll/math/gemm.h"
#include "unroll/math/lanes.h"

namespace unroll {
namespace {

constexpr Index kChains = 10;
constexpr Index kSteps = 1000;

/// Not inlined, so that an engine that compiles for speed between calls gets the chance.
__attribute__((noinline)) void chain(float* values) {
  Floats x[kChains];
  for (Index i = 0; i < kChains; ++i) x[i] = load(values + 4 * i);
  const Floats a = load(values + 4 * kChains);
  const Floats b = load(values + 4 * kChains + 4);
  for (Index step = 0; step < kSteps; ++step) {
    for (Index i = 0; i < kChains; ++i) x[i] = madd(x[i], a, b);
  }
  for (Index i = 0; i < kChains; ++i) store(values + 4 * i, x[i]);
}

}  // namespace

double run_multiply_add_chain(Index repetitions) {
  alignas(16) static float values[4 * kChains + 8];
  for (Index i = 0; i < 4 * kChains; ++i) values[i] = 1.0f + static_cast<float>(i);
  for (Index i = 0; i < 4; ++i) values[4 * kChains + i] = 0.999f;
  for (Index i = 0; i < 4; ++i) values[4 * kChains + 4 + i] = 0.001f;
  for (Index r = 0; r < repetitions; ++r) chain(values);
  return 2.0 * 4.0 * static_cast<double>(kChains * kSteps * repetitions);
}

double run_product_kernel(Index repetitions) {
  constexpr Index kRows = 30;
  constexpr Index kColumns = 32;
  constexpr Index kDepth = 128;
  static AlignedBuffer<float> a(kRows * kDepth);
  static AlignedBuffer<float> panels(kColumns * kDepth);
  static AlignedBuffer<float> c(kRows * kColumns);
  for (Index i = 0; i < a.size(); ++i) a[i] = 0.01f * static_cast<float>(i % 7);
  for (Index i = 0; i < panels.size(); ++i) panels[i] = 0.01f * static_cast<float>(i % 11);
  for (Index r = 0; r < repetitions; ++r) {
    multiply(Start::kZero, kRows, kColumns, kDepth, a.data(), kDepth, panels.data(), c.data(), kColumns);
  }
  return 2.0 * static_cast<double>(kRows * kColumns * kDepth * repetitions);
}

}  // namespace unroll
