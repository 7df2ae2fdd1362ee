#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "unroll/inference/generator.h"

/// Several texts side by side in one batch, which makes better use of the matrix products than one after the
/// other. A sequence never sees its neighbours: each result is, to the bit, the one that it would have alone.
namespace unroll {

/// One text for each prompt, as Generator writes it with seeds[i]: up to `length` tokens, or up to a stop
/// string. Throws Error(kInvalidArgument) for no prompt or an empty one, as many seeds missing, more than
/// kMaxBatchSize prompts or a length outside of 0 to kMaxWritten; like validate(SamplingConfig), and
/// kNotFinite as Generator.
std::vector<WrittenText> write_texts(TextReader& reader, const std::vector<std::vector<TokenId>>& prompts,
                                     const SamplingConfig& sampling, std::span<const std::uint64_t> seeds,
                                     Index length, const StopStrings& stop);

struct ScoredText {
  double loss_nats = 0.0;         // mean of -ln p
  std::vector<double> log_probs;  // of each token but the first
};

/// What Evaluation finds for each text. Throws Error(kTextTooShort) when one has fewer than two tokens.
std::vector<ScoredText> score_texts(TextReader& reader, const std::vector<std::vector<TokenId>>& texts);

}  // namespace unroll
