#pragma once

#include "language_model_handle.h"

/// Calls of a language model that look at whole texts; bound as its methods.
namespace unroll::bindings {

/// target: a Uint8Array with one character, or null. {gateNames, layers: {gates | null, h, c | null}[],
/// probabilities, guess: {lossNats, flow} | null}
val probe_text(const LanguageModelHandle& model, const val& text, const val& target);

/// texts: Uint8Array[], options: {precision}. {positions, lossNats, bitsPerChar, perplexity, logProbs}[]
val evaluate_texts(const LanguageModelHandle& model, const val& texts, const val& options);

/// request: {prompts: Uint8Array[], seeds: Float64Array, length, stop: Uint8Array[], and as for
/// createGenerator}. {text, logProbs, stopped}[]
val generate_many(const LanguageModelHandle& model, const val& request);

/// request: {prompt, width, length, lengthPenalty, stop}. {text, logProbs, logProb, score}[]
val beam_search_text(const LanguageModelHandle& model, const val& request);

}  // namespace unroll::bindings
