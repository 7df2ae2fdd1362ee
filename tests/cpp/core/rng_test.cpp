#include "unroll/core/rng.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace unroll::testing::rng_test {
namespace {

constexpr Rng::Purpose kAllPurposes[] = {Rng::Purpose::kInitialisation, Rng::Purpose::kSampling,
                                         Rng::Purpose::kDropout, Rng::Purpose::kShuffle, Rng::Purpose::kTask};

/// The first outputs of the reference implementation of xoshiro256** from the state 1, 2, 3, 4.
TEST(Rng, IsXoshiro256StarStar) {
  Rng rng(0, Rng::Purpose::kTask);
  rng.set_state({1, 2, 3, 4});
  const std::uint64_t expected[] = {11520u,
                                    0u,
                                    1509978240u,
                                    1215971899390074240u,
                                    1216172134540287360u,
                                    607988272756665600u,
                                    16172922978634559625u,
                                    8476171486693032832u,
                                    10595114339597558777u,
                                    2904607092377533576u};
  for (std::uint64_t number : expected) EXPECT_EQ(rng.next(), number);
}

/// Steele, Lea and Flood's generator, written down again from their paper.
std::uint64_t splitmix64(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state;
  z ^= z >> 30;
  z *= 0xbf58476d1ce4e5b9u;
  z ^= z >> 27;
  z *= 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

TEST(Rng, IsSeededBySplitmix64) {
  // Two published sequences, so that the twin above can be trusted.
  std::uint64_t state = 1234567;
  for (std::uint64_t number : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                               4593380528125082431u, 16408922859458223821u}) {
    EXPECT_EQ(splitmix64(state), number);
  }
  state = 1477776061723855037u;
  for (std::uint64_t number : {1985237415132408290u, 2979275885539914483u, 13511426838097143398u}) {
    EXPECT_EQ(splitmix64(state), number);
  }
  for (std::uint64_t seed : {0u, 1u, 42u}) {
    for (Rng::Purpose purpose : kAllPurposes) {
      std::uint64_t mix = seed;
      std::uint64_t stream = splitmix64(mix) ^ static_cast<std::uint64_t>(purpose) * 0xd1342543de82ef95u;
      const Rng rng(seed, purpose);
      for (std::uint64_t word : rng.state()) EXPECT_EQ(word, splitmix64(stream));
    }
  }
}

/// A link that holds a seed replays on every machine and in every later version.
TEST(Rng, FirstNumbersNeverChange) {
  Rng rng(1, Rng::Purpose::kInitialisation);
  EXPECT_EQ(rng.next(), 6128922272619107532u);
  EXPECT_EQ(rng.uniform(), 0x1.4c8af23a31281p-1);
  EXPECT_DOUBLE_EQ(rng.normal(), 0.1261774062941001);  // its logarithm is the C++ library's
}

TEST(Rng, EachPurposeAndSeedHasAStreamOfItsOwn) {
  std::set<std::uint64_t> firsts;
  std::size_t count = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    for (Rng::Purpose purpose : kAllPurposes) {
      firsts.insert(Rng(seed, purpose).next());
      ++count;
    }
  }
  EXPECT_EQ(firsts.size(), count);
}

TEST(Rng, GoesOnFromASavedState) {
  Rng rng(5, Rng::Purpose::kSampling);
  rng.next();
  const Rng::State saved = rng.state();
  std::vector<std::uint64_t> expected;
  for (int i = 0; i < 10; ++i) expected.push_back(rng.next());
  Rng other(99, Rng::Purpose::kDropout);
  other.set_state(saved);
  for (std::uint64_t number : expected) EXPECT_EQ(other.next(), number);
}

TEST(Rng, UniformIsTheUpperBitsOfADraw) {
  Rng draws(3, Rng::Purpose::kTask), uniforms(3, Rng::Purpose::kTask);
  for (int i = 0; i < 1000; ++i) {
    const double u = uniforms.uniform();
    EXPECT_EQ(u, std::ldexp(static_cast<double>(draws.next() >> 11), -53));
    EXPECT_GE(u, 0.0);
    EXPECT_LT(u, 1.0);
  }
}

TEST(Rng, UniformStaysInItsRange) {
  Rng rng(4, Rng::Purpose::kTask);
  double sum = 0.0;
  constexpr int kCount = 100'000;
  for (int i = 0; i < kCount; ++i) {
    const double u = rng.uniform(-3.0, 5.0);
    ASSERT_GE(u, -3.0);
    ASSERT_LT(u, 5.0);
    sum += u;
  }
  EXPECT_NEAR(sum / kCount, 1.0, 5.0 * 8.0 / std::sqrt(12.0 * kCount));
}

/// Chi-square over 50 values has 49 degrees of freedom: 121 is passed by chance once in 10 million.
TEST(Rng, BelowIsUnbiased) {
  Rng rng(6, Rng::Purpose::kTask);
  constexpr int kValues = 50;
  constexpr double kExpected = 20'000.0;
  std::vector<double> counts(kValues);
  for (int i = 0; i < kValues * static_cast<int>(kExpected); ++i) counts[rng.below(kValues)] += 1.0;
  double chi_square = 0.0;
  for (double count : counts) chi_square += (count - kExpected) * (count - kExpected) / kExpected;
  EXPECT_LT(chi_square, 121.0);
  EXPECT_GT(chi_square, 15.0) << "too even to be chance";
}

/// With a bound of 3 * 2^62 a generator that only multiplies gives every third value twice as often.
TEST(Rng, BelowRejectsWhatWouldFavourSomeValues) {
  Rng rng(7, Rng::Purpose::kTask);
  constexpr std::uint64_t kBound = std::uint64_t{3} << 62;
  int thirds[3] = {};
  constexpr int kCount = 30'000;
  for (int i = 0; i < kCount; ++i) {
    const std::uint64_t draw = rng.below(kBound);
    ASSERT_LT(draw, kBound);
    ++thirds[draw % 3];
  }
  for (int third : thirds) EXPECT_NEAR(third, kCount / 3, 5.0 * std::sqrt(kCount * 2.0 / 9.0));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(rng.below(1), 0u);
}

TEST(Rng, NormalHasTheMomentsOfANormal) {
  Rng rng(8, Rng::Purpose::kTask);
  constexpr int kCount = 400'000;
  double sums[5] = {};
  int within_one = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = rng.normal();
    double power = 1.0;
    for (double& sum : sums) {
      sum += power;
      power *= x;
    }
    within_one += std::abs(x) < 1.0 ? 1 : 0;
  }
  const double root = std::sqrt(static_cast<double>(kCount));
  // Five standard errors of each moment.
  EXPECT_NEAR(sums[1] / kCount, 0.0, 5.0 / root);
  EXPECT_NEAR(sums[2] / kCount, 1.0, 5.0 * std::sqrt(2.0) / root);
  EXPECT_NEAR(sums[3] / kCount, 0.0, 5.0 * std::sqrt(15.0) / root);
  EXPECT_NEAR(sums[4] / kCount, 3.0, 5.0 * std::sqrt(96.0) / root);
  EXPECT_NEAR(within_one / static_cast<double>(kCount), 0.682689, 5.0 * 0.4655 / root);
}

}  // namespace
}  // namespace unroll::testing::rng_test
