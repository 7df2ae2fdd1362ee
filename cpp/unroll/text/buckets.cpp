#include "unroll/text/buckets.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "unroll/core/error.h"

namespace unroll {
namespace {

void expect_positive(const std::string& name, Index value) {
  if (value > 0) return;
  throw Error(ErrorCode::kInvalidArgument,
              "bucket_by_length: " + name + " is " + std::to_string(value) + ", expected at least 1");
}

/// Fisher and Yates: each order is equally likely. std::shuffle may differ from library to library.
template <class T>
void shuffle(std::vector<T>& items, Rng& rng) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[static_cast<std::size_t>(rng.below(left))]);
  }
}

/// pool_batches * batch_size, or all there are: the product of two sizes from outside is never formed.
Index pool_size(Index sequences, Index batch_size, Index pool_batches) {
  return pool_batches > sequences / batch_size ? sequences : pool_batches * batch_size;
}

std::vector<std::vector<Index>> cut(const std::vector<Index>& order, Index batch_size) {
  std::vector<std::vector<Index>> batches;
  const auto size = static_cast<Index>(order.size());
  for (Index begin = 0; begin < size;) {
    const Index count = std::min(batch_size, size - begin);
    batches.emplace_back(order.begin() + begin, order.begin() + begin + count);
    begin += count;
  }
  return batches;
}

double share_of_padding(std::span<const Index> lengths, const std::vector<std::vector<Index>>& batches) {
  double used = 0;
  double all = 0;
  for (const std::vector<Index>& batch : batches) {
    Index longest = 0;
    for (const Index position : batch) {
      const Index length = lengths[static_cast<std::size_t>(position)];
      used += static_cast<double>(length);
      longest = std::max(longest, length);
    }
    all += static_cast<double>(longest) * static_cast<double>(batch.size());
  }
  return 1 - used / all;
}

}  // namespace

BucketedEpoch bucket_by_length(std::span<const Index> lengths, Index batch_size, Index pool_batches,
                               Rng& rng) {
  const auto size = static_cast<Index>(lengths.size());
  expect_positive("the number of sequences", size);
  expect_positive("batch_size", batch_size);
  expect_positive("pool_batches", pool_batches);
  for (Index i = 0; i < size; ++i) {
    expect_positive("the length of sequence " + std::to_string(i), lengths[static_cast<std::size_t>(i)]);
  }

  std::vector<Index> order(lengths.size());
  std::iota(order.begin(), order.end(), Index{0});
  shuffle(order, rng);
  BucketedEpoch epoch;
  epoch.padding_share_unbucketed = share_of_padding(lengths, cut(order, batch_size));

  const Index pool = pool_size(size, batch_size, pool_batches);
  for (Index begin = 0; begin < size;) {
    const Index count = std::min(pool, size - begin);
    std::stable_sort(order.begin() + begin, order.begin() + begin + count, [&](Index a, Index b) {
      return lengths[static_cast<std::size_t>(a)] > lengths[static_cast<std::size_t>(b)];
    });
    begin += count;
  }
  epoch.batches = cut(order, batch_size);
  epoch.padding_share = share_of_padding(lengths, epoch.batches);
  shuffle(epoch.batches, rng);
  return epoch;
}

}  // namespace unroll
