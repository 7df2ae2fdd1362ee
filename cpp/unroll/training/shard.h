#pragma once

#include "unroll/core/rng.h"
#include "unroll/text/stream_batches.h"

namespace unroll {

inline constexpr Index kMaxShards = 16;

/// One of `count` replicas that train the same model together. Each has the whole model and its optimizer,
/// but reads only its own streams of the batch; in each step all exchange gradients, so all keep the same
/// weights. The only replica of 1 is an ordinary trainer.
struct Shard {
  Index index = 0;  // 0 <= index < count
  Index count = 1;

  /// Replica r reads streams r*B/N to (r+1)*B/N - 1, of sizes that differ by one at most. B >= N: none is
  /// empty.
  StreamRange streams(Index batch_size) const {
    return {.begin = index * batch_size / count, .end = (index + 1) * batch_size / count};
  }

  /// The generator of its dropout masks: replica 0 has that of an ordinary trainer, the others have their
  /// own.
  Rng dropout_rng(std::uint64_t seed) const;
};

}  // namespace unroll
