#include "unroll/inference/prompt.h"

#include <algorithm>

#include "unroll/core/error.h"

namespace unroll {
namespace {

/// A long prompt is read in pieces, so that it needs no more memory than a short one.
constexpr Index kPromptChunk = 256;

}  // namespace

void need_prompt(std::span<const TokenId> prompt) {
  if (!prompt.empty()) return;
  throw Error(ErrorCode::kInvalidArgument,
              "Generator: the prompt is empty, expected at least one token to start from");
}

void read_prompt(TextReader& reader, std::span<const TokenId> prompt, StackState<float>& state) {
  need_prompt(prompt);
  reader.make_state(1, state);
  const auto before_last = static_cast<Index>(prompt.size()) - 1;
  for (Index at = 0; at < before_last; at += kPromptChunk) {
    reader.forward(prompt.data() + at, std::min(kPromptChunk, before_last - at), 1, state);
  }
}

}  // namespace unroll
