#include "unroll/text/padding.h"

#include <algorithm>
#include <string>

#include "unroll/core/checked.h"
#include "unroll/core/error.h"

namespace unroll {
namespace {

Index length_of(std::span<const std::vector<TokenId>> sequences, Index position) {
  if (position < 0 || position >= static_cast<Index>(sequences.size())) {
    throw Error(ErrorCode::kInvalidArgument, "pad_sequences: sequence " + std::to_string(position) +
                                                 " is chosen, there are " + std::to_string(sequences.size()));
  }
  const auto length = static_cast<Index>(sequences[static_cast<std::size_t>(position)].size());
  if (length == 0) {
    throw Error(ErrorCode::kInvalidArgument, "pad_sequences: sequence " + std::to_string(position) +
                                                 " is empty, expected at least one token; leave it out");
  }
  return length;
}

std::size_t rectangle(Index seq_len, Index batch_size) {
  const auto size =
      checked::multiply(static_cast<std::uint64_t>(seq_len), static_cast<std::uint64_t>(batch_size));
  if (size && *size <= static_cast<std::uint64_t>(kMaxPaddedIds)) return static_cast<std::size_t>(*size);
  throw Error(ErrorCode::kTooBig, "pad_sequences: " + std::to_string(batch_size) + " sequences padded to " +
                                      std::to_string(seq_len) + " steps, expected at most " +
                                      std::to_string(kMaxPaddedIds) +
                                      " numbers; choose fewer sequences or cut the longest");
}

}  // namespace

double PaddedBatch::padding_share() const {
  Index used = 0;
  for (const Index length : lengths) used += length;
  return 1 - static_cast<double>(used) / static_cast<double>(seq_len * batch_size);
}

PaddedBatch pad_sequences(std::span<const std::vector<TokenId>> sequences, std::span<const Index> chosen,
                          TokenId pad) {
  if (chosen.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "pad_sequences: no sequence is chosen, expected at least one");
  }
  PaddedBatch batch;
  for (const Index position : chosen) batch.lengths.push_back(length_of(sequences, position));
  batch.batch_size = static_cast<Index>(chosen.size());
  batch.seq_len = *std::max_element(batch.lengths.begin(), batch.lengths.end());
  batch.ids.assign(rectangle(batch.seq_len, batch.batch_size), pad);
  for (std::size_t j = 0; j < chosen.size(); ++j) {
    const std::vector<TokenId>& sequence = sequences[static_cast<std::size_t>(chosen[j])];
    for (std::size_t t = 0; t < sequence.size(); ++t) batch.ids[t * chosen.size() + j] = sequence[t];
  }
  return batch;
}

}  // namespace unroll
