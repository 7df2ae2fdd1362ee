#include "unroll/math/gemm.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/array.h"
#include "support/random.h"

/// The matrix products against loops that add one rounded product after the other in rising order. The float
/// kernels promise exactly these bits, whatever the tiles and blocks; Eigen's double ones promise the value.
namespace unroll::testing::gemm_test {
namespace {

/// Numbers that are never written must keep this value.
constexpr double kUntouched = 777.0;

struct Shape {
  Index m, n, k;
};

std::string to_string(const Shape& s) {
  return std::to_string(s.m) + " x " + std::to_string(s.n) + " x " + std::to_string(s.k);
}

/// Every number of rows up to three tiles, depths that are no multiple of anything, and the edges of the
/// blocks: 96 rows, 256 terms, 128 steps of an outer product, four panels for a single row.
std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (Index m = 1; m <= 20; ++m) {
    for (Index n : {8, 24, 40}) {
      for (Index k : {1, 5, 33}) all.push_back({m, n, k});
    }
  }
  for (Index k : {255, 256, 257, 513}) {
    for (Index m : {1, 2, 7}) all.push_back({m, 40, k});
  }
  for (Index m : {95, 96, 97, 127, 128, 129, 200, 257}) {
    for (Index k : {3, 257}) all.push_back({m, 16, k});
  }
  for (Index n : {8, 16, 24, 32, 40, 64, 72}) all.push_back({1, n, 19});
  return all;
}

/// A panel-packed [n/8][k][8] copy of P[n][k].
template <class S>
Array<S> panels_of(const Array<S>& p) {
  Array<S> panels(p.rows() / kPanelWidth, p.cols() * kPanelWidth);
  for (Index n = 0; n < p.rows(); ++n) {
    for (Index k = 0; k < p.cols(); ++k) panels(n / kPanelWidth, k * kPanelWidth + n % kPanelWidth) = p(n, k);
  }
  return panels;
}

template <class S>
void expect_equal(const Array<S>& got, const Array<S>& expected, const Shape& shape) {
  // Eigen adds up in an order of its own: a rounding for each term at most.
  const double tolerance = std::is_same_v<S, float> ? 0.0 : 1e-15 * static_cast<double>(shape.k + shape.m);
  for (Index i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(got[i]), static_cast<double>(expected[i]), tolerance)
        << to_string(shape) << " at " << i / got.cols() << ", " << i % got.cols();
  }
}

/// Rows further apart than they are long, as the gate blocks of a layer are.
constexpr Index kGapA = 3, kGapC = 8;

template <class S>
void check_multiply(Start start, const Shape& s) {
  Random random(static_cast<std::uint64_t>(s.m * 10007 + s.n * 101 + s.k));
  const Array<S> a = random.array<S>(s.m, s.k + kGapA);
  const Array<S> p = random.array<S>(s.n, s.k);
  Array<S> c(s.m, s.n + kGapC, S(kUntouched));
  for (Index m = 0; m < s.m; ++m) {
    for (Index n = 0; n < s.n; ++n) c(m, n) = static_cast<S>(random.uniform(-1.0, 1.0));
  }
  Array<S> expected = c;
  for (Index m = 0; m < s.m; ++m) {
    for (Index n = 0; n < s.n; ++n) {
      S sum = start == Start::kAdd ? c(m, n) : S(0);
      for (Index k = 0; k < s.k; ++k) {
        const S product = a(m, k) * p(n, k);
        sum += product;
      }
      expected(m, n) = sum;
    }
  }
  multiply(start, s.m, s.n, s.k, a.data(), s.k + kGapA, panels_of(p).data(), c.data(), s.n + kGapC);
  expect_equal(c, expected, s);
}

TEST(Multiply, IsOneRunningSumInFloat) {
  for (const Shape& shape : shapes()) {
    check_multiply<float>(Start::kZero, shape);
    check_multiply<float>(Start::kAdd, shape);
  }
}

TEST(Multiply, HasTheValueInDouble) {
  for (const Shape& shape : shapes()) {
    check_multiply<double>(Start::kZero, shape);
    check_multiply<double>(Start::kAdd, shape);
  }
}

/// A batch of 32 gives each sequence exactly what a batch of 1 gives it.
TEST(Multiply, GivesEachRowWhatItGetsAlone) {
  for (const Shape& shape : {Shape{32, 64, 70}, Shape{7, 24, 300}, Shape{97, 8, 31}, Shape{64, 40, 257}}) {
    Random random(1);
    const Array<float> a = random.array<float>(shape.m, shape.k);
    const Array<float> panels = panels_of(random.array<float>(shape.n, shape.k));
    Array<float> together = random.array<float>(shape.m, shape.n);
    Array<float> alone = together;
    multiply(Start::kAdd, shape.m, shape.n, shape.k, a.data(), shape.k, panels.data(), together.data(),
             shape.n);
    for (Index m = 0; m < shape.m; ++m) {
      multiply(Start::kAdd, 1, shape.n, shape.k, a.row(m), shape.k, panels.data(), alone.row(m), shape.n);
    }
    for (Index i = 0; i < alone.size(); ++i) ASSERT_EQ(together[i], alone[i]) << to_string(shape);
  }
}

template <class S>
void check_outer(const Shape& s, OuterScratch<S>& scratch) {
  Random random(static_cast<std::uint64_t>(s.m * 10007 + s.n * 101 + s.k));
  const Array<S> d = random.array<S>(s.m, s.n + kGapC);
  const Array<S> x = random.array<S>(s.m, s.k + kGapA);
  Array<S> g = random.array<S>(s.n, s.k);
  Array<S> panels = panels_of(g);
  for (Index n = 0; n < s.n; ++n) {
    for (Index k = 0; k < s.k; ++k) {
      for (Index m = 0; m < s.m; ++m) {
        const S product = d(m, n) * x(m, k);
        g(n, k) += product;
      }
    }
  }
  accumulate_outer(s.m, s.n, s.k, d.data(), s.n + kGapC, x.data(), s.k + kGapA, panels.data(), scratch);
  expect_equal(panels, panels_of(g), s);
}

TEST(AccumulateOuter, IsOneRunningSumInFloat) {
  OuterScratch<float> scratch;  // kept, so that smaller shapes find what larger ones left
  for (const Shape& shape : shapes()) check_outer(shape, scratch);
}

TEST(AccumulateOuter, HasTheValueInDouble) {
  OuterScratch<double> scratch;
  for (const Shape& shape : shapes()) check_outer(shape, scratch);
}

template <class S>
void check_columns(const Shape& s) {
  Random random(static_cast<std::uint64_t>(s.m * 10007 + s.n));
  const Array<S> d = random.array<S>(s.m, s.n + kGapC);
  Array<S> sums = random.array<S>(1, s.n);
  Array<S> expected = sums;
  for (Index m = 0; m < s.m; ++m) {
    for (Index n = 0; n < s.n; ++n) expected[n] += d(m, n);
  }
  accumulate_columns(s.m, s.n, d.data(), s.n + kGapC, sums.data());
  expect_equal(sums, expected, s);
}

TEST(AccumulateColumns, AddsTheRowsInRisingOrder) {
  for (const Shape& shape : shapes()) {
    check_columns<float>(shape);
    check_columns<double>(shape);
  }
}

}  // namespace
}  // namespace unroll::testing::gemm_test
