#pragma once

#include <span>
#include <vector>

#include "unroll/inference/stop_strings.h"
#include "unroll/model/language_model.h"

namespace unroll {

inline constexpr Index kMaxBeamWidth = 64;
inline constexpr Index kMaxBeamLength = 4096;

struct BeamConfig {
  Index width = 4;              // texts that are carried on at a time
  Index length = 100;           // tokens of a text that no stop string ends
  double length_penalty = 1.0;  // alpha of score, 0 to 10; 0: the plain sum, which likes short texts
};

struct Beam {
  std::vector<TokenId> tokens;   // without the prompt
  std::vector<float> log_probs;  // ln p of each
  double log_prob = 0.0;         // their sum, of the whole text after the prompt
  double score = 0.0;            // log_prob / tokens^alpha; with alpha = 1 the mean
};

/// The likeliest texts that a search of bounded width finds, best score first, at most `width` of them.
///
/// Of all continuations of the texts it carries by one token, it keeps the `width` with the highest log_prob;
/// among equal ones that of the earlier text and then the smaller token. A text that a stop string ends is
/// set aside. The search is over when every text has its length, or when none that goes on could still beat
/// those set aside. Width 1 is greedy search.
///
/// Throws Error(kInvalidArgument) naming the field, or for an empty prompt; kNotFinite as TextReader.
std::vector<Beam> beam_search(LanguageModel<float>& model, std::span<const TokenId> prompt,
                              const BeamConfig& config, const StopStrings& stop);

}  // namespace unroll
