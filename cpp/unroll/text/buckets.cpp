#include "unroll/text/buckets.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "unroll/core/error.h"
#include "unroll/core/sort_indices.h"

namespace unroll {
namespace {

void expect_positive(const std::string& name, Index value) {
  if (value > 0) return;
  throw Error(ErrorCode::kInvalidArgument,
              "bucket_by_length: " + name + " is " + std::to_string(value) + ", expected at least 1");
}

/// pool_batches * batch_size, or all there are: the product of two sizes from outside is never formed.
Index pool_size(Index sequences, Index batch_size, Index pool_batches) {
  return pool_batches > sequences / batch_size ? sequences : pool_batches * batch_size;
}

std::vector<std::vector<Index>> cut(const std::vector<Index>& order, Index batch_size) {
  std::vector<std::vector<Index>> batches;
  const auto size = static_cast<Index>(order.size());
  batches.reserve(static_cast<std::size_t>((size - 1) / batch_size + 1));
  for (Index begin = 0; begin < size;) {
    const Index count = std::min(batch_size, size - begin);
    batches.emplace_back(order.begin() + begin, order.begin() + begin + count);
    begin += count;
  }
  return batches;
}

/// Of this order cut into batches.
double share_of_padding(std::span<const Index> lengths, std::span<const Index> order, Index batch_size) {
  double used = 0;
  double all = 0;
  const auto size = static_cast<Index>(order.size());
  for (Index begin = 0; begin < size;) {
    const Index count = std::min(batch_size, size - begin);
    Index longest = 0;
    for (Index i = begin; i < begin + count; ++i) {
      const Index length = lengths[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
      used += static_cast<double>(length);
      longest = std::max(longest, length);
    }
    all += static_cast<double>(longest) * static_cast<double>(count);
    begin += count;
  }
  return 1 - used / all;
}

/// Sequences of the same length stay in their order.
void sort_longest_first(std::span<const Index> lengths, std::span<Index> sequences) {
  const std::vector<Index> drawn(sequences.begin(), sequences.end());
  std::iota(sequences.begin(), sequences.end(), Index{0});
  const auto drawn_at = [&](Index place) { return drawn[static_cast<std::size_t>(place)]; };
  const auto length = [&](Index place) { return lengths[static_cast<std::size_t>(drawn_at(place))]; };
  sort_indices(sequences, [&](Index a, Index b) { return length(a) > length(b); });
  for (Index& place : sequences) place = drawn_at(place);
}

}  // namespace

BucketedEpoch bucket_by_length(std::span<const Index> lengths, Index batch_size, Index pool_batches,
                               Rng& rng) {
  const auto size = static_cast<Index>(lengths.size());
  expect_positive("the number of sequences", size);
  expect_positive("batch_size", batch_size);
  expect_positive("pool_batches", pool_batches);
  if (size > kMaxBucketed) {
    throw Error(ErrorCode::kTooBig, "bucket_by_length: there are " + std::to_string(size) +
                                        " sequences, expected at most " + std::to_string(kMaxBucketed));
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] <= 0) expect_positive("the length of sequence " + std::to_string(i), lengths[i]);
  }

  std::vector<Index> order(lengths.size());
  std::iota(order.begin(), order.end(), Index{0});
  shuffle(order, rng);
  BucketedEpoch epoch;
  epoch.padding_share_unbucketed = share_of_padding(lengths, order, batch_size);

  const Index pool = pool_size(size, batch_size, pool_batches);
  for (Index begin = 0; begin < size;) {
    const Index count = std::min(pool, size - begin);
    sort_longest_first(
        lengths, std::span(order).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)));
    begin += count;
  }
  epoch.batches = cut(order, batch_size);
  epoch.padding_share = share_of_padding(lengths, order, batch_size);
  shuffle(epoch.batches, rng);
  return epoch;
}

}  // namespace unroll
