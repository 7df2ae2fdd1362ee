#pragma once

#include <span>

#include "unroll/model/language_model.h"

namespace unroll {

/// Reads all tokens of a prompt but the last into `state`, from zeros; the last is the input of the first
/// step that chooses. Throws Error(kInvalidArgument) for an empty prompt.
void read_prompt(LanguageModel<float>& model, std::span<const TokenId> prompt, StackState<float>& state);

/// ln p of a token under the model itself, at temperature 1 and uncut; `scratch` has padded(V) places.
double log_prob_of(const float* logits, Index vocab_size, TokenId token, float* scratch);

}  // namespace unroll
