#include "unroll/training/baselines.h"

#include "unroll/text/ngram_baseline.h"

namespace unroll {

Baselines baselines(std::span<const TokenId> train, std::span<const TokenId> validation, Index vocab_size) {
  const auto loss_of_order = [&](int order) {
    return NgramModel(train, vocab_size, order).loss_nats(validation);
  };
  return {.uniform = loss_of_order(0), .unigram = loss_of_order(1), .bigram = loss_of_order(2)};
}

}  // namespace unroll
