#include "unroll/text/ngram_baseline.h"

#include <cmath>
#include <string>

#include "unroll/core/error.h"
#include "unroll/text/vocabulary.h"

namespace unroll {
namespace {

constexpr double kAdded = 0.1;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, "NgramModel: " + message);
}

std::uint32_t count_of(const std::unordered_map<std::uint64_t, std::uint32_t>& counts, std::uint64_t key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

NgramModel::NgramModel(std::span<const TokenId> tokens, Index vocab_size, int order)
    : vocab_size_(vocab_size), order_(static_cast<std::size_t>(order)) {
  if (order < 0 || order > kMaxNgramOrder) {
    refuse("order is " + std::to_string(order) + ", expected 0 to " + std::to_string(kMaxNgramOrder));
  }
  if (vocab_size < 1 || vocab_size > kMaxVocabSize) {
    refuse("vocab_size is " + std::to_string(vocab_size) + ", expected 1 to " +
           std::to_string(kMaxVocabSize));
  }
  expect_tokens(tokens);
  if (order_ == 0) return;
  for (std::size_t i = 0; i + order_ <= tokens.size(); ++i) {
    ++contexts_[key(tokens.subspan(i, order_ - 1))];
    ++ngrams_[key(tokens.subspan(i, order_))];
  }
}

double NgramModel::probability(std::span<const TokenId> context, TokenId next) const {
  const std::size_t needed = order_ == 0 ? 0 : order_ - 1;
  if (context.size() < needed) {
    refuse("a context of " + std::to_string(context.size()) + " tokens, expected at least " +
           std::to_string(needed));
  }
  expect_tokens(context);
  expect_tokens({&next, 1});
  return smoothed(context.last(needed), next);
}

double NgramModel::loss_nats(std::span<const TokenId> tokens) const {
  const std::size_t needed = order_ == 0 ? 0 : order_ - 1;
  if (tokens.size() <= needed) {
    throw Error(ErrorCode::kTextTooShort, "NgramModel: " + std::to_string(tokens.size()) +
                                              " tokens, expected at least " + std::to_string(needed + 1) +
                                              " to predict one from those before it");
  }
  expect_tokens(tokens);
  double sum = 0;
  for (std::size_t i = needed; i < tokens.size(); ++i) {
    sum -= std::log(smoothed(tokens.subspan(i - needed, needed), tokens[i]));
  }
  return sum / static_cast<double>(tokens.size() - needed);
}

double NgramModel::smoothed(std::span<const TokenId> context, TokenId next) const {
  const auto size = static_cast<double>(vocab_size_);
  if (order_ == 0) return 1 / size;
  const std::uint64_t context_key = key(context);
  const std::uint64_t ngram_key =
      context_key * static_cast<std::uint64_t>(vocab_size_) + static_cast<std::uint64_t>(next);
  return (count_of(ngrams_, ngram_key) + kAdded) / (count_of(contexts_, context_key) + kAdded * size);
}

std::uint64_t NgramModel::key(std::span<const TokenId> tokens) const {
  std::uint64_t number = 0;
  for (const TokenId id : tokens) {
    number = number * static_cast<std::uint64_t>(vocab_size_) + static_cast<std::uint64_t>(id);
  }
  return number;
}

void NgramModel::expect_tokens(std::span<const TokenId> tokens) const {
  for (const TokenId id : tokens) {
    if (id < 0 || id >= vocab_size_) {
      refuse("token " + std::to_string(id) + ", expected 0 to " + std::to_string(vocab_size_ - 1));
    }
  }
}

}  // namespace unroll
