#pragma once

#include <memory>
#include <optional>
#include <span>

#include "unroll/inference/text_reader.h"

namespace unroll {

/// The mean loss of a model over a text, read as one stream with the state carried from a zero start: inputs
/// are tokens[0 .. n-2], targets tokens[1 .. n-1]. It is computed in pieces, so that a caller can stop in
/// between; the pieces do not change the result. A logit that is no finite number ends it with
/// Error(kNotFinite).
///
///   loss_nats = mean over t of -ln p(tokens[t+1] | tokens[0 .. t])
///   bits per character = loss_nats / ln 2        perplexity = exp(loss_nats)
class Evaluation {
 public:
  /// `tokens` must outlive the evaluation and hold at least two; throws Error(kTextTooShort) otherwise.
  Evaluation(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> tokens,
             Precision precision = Precision::kFloat32);

  /// Reads the next piece. log_probs, when not null, gets ln p of each target read and must have kPiece
  /// places. Returns how many targets it read; 0 when done.
  Index advance(double* log_probs = nullptr);

  /// Reads at least one piece, then more until it is done or may_go_on() says no.
  template <class MayGoOn>
  void advance_while(MayGoOn&& may_go_on) {
    do {
      advance();
    } while (!done() && may_go_on());
  }

  bool done() const { return positions_ + 1 == static_cast<Index>(tokens_.size()); }
  Index positions() const { return positions_; }
  /// Mean over the positions read so far.
  double loss_nats() const { return total_nats_ / static_cast<double>(positions_); }

  static constexpr Index kPiece = 256;

 private:
  // Both until done: they may be the last who need the model.
  std::shared_ptr<LanguageModel<float>> model_;
  std::optional<TextReader> reader_;
  std::span<const TokenId> tokens_;
  StackState<float> state_;
  Index positions_ = 0;
  double total_nats_ = 0.0;
};

}  // namespace unroll
