#include "unroll/inference/evaluation.h"

#include <algorithm>
#include <string>

#include "unroll/core/error.h"

namespace unroll {

Evaluation::Evaluation(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> tokens,
                       Precision precision)
    : model_(std::move(model)), tokens_(tokens) {
  if (tokens.size() < 2) {
    throw Error(ErrorCode::kTextTooShort,
                "Evaluation: the text has " + std::to_string(tokens.size()) +
                    " characters, expected at least 2: one to read and one to guess");
  }
  reader_.emplace(*model_, precision);
  reader_->make_state(1, state_);
}

Index Evaluation::advance(double* log_probs) {
  const Index count = std::min(kPiece, static_cast<Index>(tokens_.size()) - 1 - positions_);
  if (count <= 0) return 0;
  const TokenId* ids = tokens_.data() + positions_;
  total_nats_ += reader_->evaluate(ids, ids + 1, count, 1, state_, log_probs);
  positions_ += count;
  if (done()) {
    reader_.reset();
    model_.reset();
  }
  return count;
}

}  // namespace unroll
