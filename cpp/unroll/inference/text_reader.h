#pragma once

#include <optional>

#include "unroll/inference/int8_model.h"
#include "unroll/model/language_model.h"
#include "unroll/nn/finite.h"

namespace unroll {

/// Which weights a text is read with: the model's own, or a copy of them in 8 bits.
enum class Precision { kFloat32, kInt8 };

/// A language model as texts are read and written with it.
class TextReader {
 public:
  /// `model` must outlive the reader.
  explicit TextReader(LanguageModel<float>& model, Precision precision = Precision::kFloat32)
      : model_(model) {
    if (precision == Precision::kInt8) int8_.emplace(model);
  }

  const ModelConfig& config() const { return model_.config(); }
  void make_state(Index batch_size, StackState<float>& state) const { model_.make_state(batch_size, state); }

  /// As LanguageModel::forward(), without dropout. Throws Error(kNotFinite) when a logit is no finite number:
  /// nothing could be chosen by it.
  const float* forward(const TokenId* ids, Index seq_len, Index batch_size, StackState<float>& state) {
    const float* logits = int8_ ? int8_->forward(ids, seq_len, batch_size, state)
                                : model_.forward(ids, seq_len, batch_size, state);
    expect_finite("LanguageModel", "a logit", seq_len * batch_size, config().vocab_size, logits);
    return logits;
  }

  /// As LanguageModel::evaluate().
  double evaluate(const TokenId* ids, const TokenId* targets, Index seq_len, Index batch_size,
                  StackState<float>& state, double* log_probs = nullptr) {
    return int8_ ? int8_->evaluate(ids, targets, seq_len, batch_size, state, log_probs)
                 : model_.evaluate(ids, targets, seq_len, batch_size, state, log_probs);
  }

 private:
  LanguageModel<float>& model_;
  std::optional<Int8Model> int8_;
};

}  // namespace unroll
