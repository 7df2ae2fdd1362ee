#include "unroll/model/prompt.h"

#include <algorithm>

#include "unroll/core/error.h"
#include "unroll/nn/loss.h"

namespace unroll {
namespace {

/// A long prompt is read in pieces, so that it needs no more memory than a short one.
constexpr Index kPromptChunk = 256;

}  // namespace

void read_prompt(LanguageModel<float>& model, std::span<const TokenId> prompt, StackState<float>& state) {
  if (prompt.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "Generator: the prompt is empty, expected at least one token to start from");
  }
  model.make_state(1, state);
  const auto before_last = static_cast<Index>(prompt.size()) - 1;
  for (Index at = 0; at < before_last; at += kPromptChunk) {
    model.forward(prompt.data() + at, std::min(kPromptChunk, before_last - at), 1, state);
  }
}

double log_prob_of(const float* logits, Index vocab_size, TokenId token, float* scratch) {
  const auto [max, log_sum] = softmax(vocab_size, logits, 1.0f, scratch);
  return static_cast<double>(logits[token]) - max - log_sum;
}

}  // namespace unroll
