#pragma once

#include "unroll/model/language_model.h"
#include "unroll/text/vocabulary.h"

namespace unroll {

/// A model that a training starts from, in place of one whose weights are drawn anew. Its tokens stay what
/// they are. Characters of the text that it does not know are refused, or get tokens behind its own.
struct StartingModel {
  const LanguageModel<float>& model;
  const Vocabulary& vocabulary;
  bool grow_vocabulary = false;
};

/// Throws Error(kInvalidConfig), which names what differs, unless `config` has the cell and the sizes of
/// `model`, all but the vocabulary's.
void expect_same_network(const ModelConfig& config, const ModelConfig& model);

/// Puts the weights of `from` in the place of those of `to`, which knows as many characters or more. A
/// character that `from` does not know keeps the weights that `to` has drawn for it: its row of
/// embedding.weight, or its column of the first weight_ih, and its row of head.weight and head.bias.
void copy_known_weights(const LanguageModel<float>& from, LanguageModel<float>& to);

}  // namespace unroll
