#pragma once

#include <span>

#include "unroll/inference/text_reader.h"

namespace unroll {

/// Throws Error(kInvalidArgument) for an empty prompt.
void need_prompt(std::span<const TokenId> prompt);

/// Reads all tokens of a prompt but the last into `state`, from zeros; the last is the input of the first
/// step that chooses. Throws Error(kInvalidArgument) for an empty prompt.
void read_prompt(TextReader& reader, std::span<const TokenId> prompt, StackState<float>& state);

}  // namespace unroll
