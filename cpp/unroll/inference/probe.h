#pragma once

#include <span>
#include <vector>

#include "unroll/model/language_model.h"

namespace unroll {

/// Everything that happens inside of a language model while it reads a text of T tokens from a zero state,
/// without dropout. All arrays are row-major.
struct Probe {
  struct Layer {
    std::vector<float> gates;  // (T, G, H) after their nonlinearities, blocks as in the cell's gate_names
    std::vector<float> h;      // (T, H) after each step; the layer's output as well
    std::vector<float> c;      // (T, H), empty for cells without a cell state
  };
  std::vector<Layer> layers;
  std::vector<float> probabilities;  // (T, V) of the token after each step: softmax(logits[t])
};

/// Throws Error: kTextTooShort for no tokens, kTooBig for more than kMaxSeqLen of them or too much memory,
/// kNotFinite when a logit is no finite number.
Probe probe(LanguageModel<float>& model, std::span<const TokenId> tokens);

/// The gradient of one guess by everything that was read before it, from a zero state:
///
///   loss = -ln p(target | tokens[0 .. T-1])
struct GuessProbe {
  double loss_nats;
  GradientFlow flow;
};

/// Throws like probe(). The model's parameter gradients are then those of this loss.
GuessProbe probe_guess(LanguageModel<float>& model, std::span<const TokenId> tokens, TokenId target);

}  // namespace unroll
