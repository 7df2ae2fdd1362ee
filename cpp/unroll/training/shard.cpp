#include "unroll/training/shard.h"

namespace unroll {

Rng Shard::dropout_rng(std::uint64_t seed) const {
  Rng seeds(seed, Rng::Purpose::kShard);
  for (Index replica = 1; replica <= index; ++replica) seed = seeds.next();
  return Rng(seed, Rng::Purpose::kDropout);
}

}  // namespace unroll
