#include "unroll/text/buckets.h"

#include <emscripten/bind.h>

#include "values_in.h"
#include "values_out.h"

namespace unroll::bindings {

namespace {

/// {order, ends, paddingShare, paddingShareUnbucketed}: the batches in one Int32Array, and where each ends in
/// it. Another array for each of them would be another call each.
val bucket_lengths(const val& lengths, const val& options) {
  return attempt([&] {
    const Fields fields("bucketByLength", options);
    const auto given = array_in<std::int32_t>(fields.who(), "lengths", lengths, "Int32Array");
    Index batch_size = 0;
    Index pool_batches = 0;
    std::uint64_t seed = 0;
    fields.read("batchSize", batch_size);
    fields.read("poolBatches", pool_batches);
    fields.read_seed("seed", seed);
    Rng rng(seed, Rng::Purpose::kShuffle);
    const BucketedEpoch epoch =
        bucket_by_length(std::vector<Index>(given.begin(), given.end()), batch_size, pool_batches, rng);
    std::vector<std::int32_t> order;
    std::vector<std::int32_t> ends;
    order.reserve(given.size());
    ends.reserve(epoch.batches.size());
    for (const std::vector<Index>& batch : epoch.batches) {
      order.insert(order.end(), batch.begin(), batch.end());
      ends.push_back(static_cast<std::int32_t>(order.size()));
    }
    val result = object();
    result.set("order", copy_out(order));
    result.set("ends", copy_out(ends));
    result.set("paddingShare", epoch.padding_share);
    result.set("paddingShareUnbucketed", epoch.padding_share_unbucketed);
    return result;
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_buckets) {
  emscripten::function("bucketByLength", &unroll::bindings::bucket_lengths);
}
