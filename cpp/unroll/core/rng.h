#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace unroll {

/// The one source of chance: xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64.
///
/// The same seed and purpose give the same numbers on every machine. Each purpose draws from a stream of its
/// own, so that, say, generating a sample in mid-training does not change what the training does next.
class Rng {
 public:
  /// What the numbers are for; part of the seed.
  enum class Purpose : std::uint64_t {
    kInitialisation = 1,
    kSampling = 2,
    kDropout = 3,
    kShuffle = 4,
    kTask = 5,
    kShard = 6
  };

  using State = std::array<std::uint64_t, 4>;

  Rng(std::uint64_t seed, Purpose purpose);

  std::uint64_t next();

  /// Uniform in [0, 1): the upper 53 bits of a draw.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Uniform in 0 .. bound-1, without bias (Lemire's rejection). bound must be positive.
  std::uint64_t below(std::uint64_t bound);

  /// Standard normal, by the polar method of Marsaglia.
  double normal();

  /// For checkpoints: a generator that is given its state back goes on with the same numbers.
  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  State state_;
};

/// Fisher and Yates: each order is equally likely. std::shuffle may differ from library to library.
template <class T>
void shuffle(std::vector<T>& items, Rng& rng) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[static_cast<std::size_t>(rng.below(left))]);
  }
}

}  // namespace unroll
