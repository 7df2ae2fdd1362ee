#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "configs.h"
#include "generator_handle.h"
#include "losses_in.h"
#include "network_handle.h"
#include "tokens_in.h"
#include "unroll/inference/evaluation.h"
#include "unroll/model/language_model.h"
#include "unroll/nn/finite.h"

namespace unroll::bindings {

class LanguageModelHandle : public NetworkHandle {
 public:
  LanguageModelHandle(std::shared_ptr<LanguageModel<float>> model,
                      std::shared_ptr<const Vocabulary> vocabulary)
      : NetworkHandle("LanguageModel", model), model_(std::move(model)), vocabulary_(std::move(vocabulary)) {}

  LanguageModel<float>& network() const { return *model_; }
  const Vocabulary& characters() const { return *vocabulary_; }

  val vocabulary() const {
    const std::u32string& characters = vocabulary_->characters();
    return copy_out(std::vector<std::uint32_t>(characters.begin(), characters.end()));
  }

  val config() const { return model_out(model_->config()); }

  val create_generator(const val& request) {
    return attempt([&] {
      const Fields fields("Generator", request);
      const SamplingConfig sampling = sampling_in(fields);
      std::uint64_t seed = 1;
      fields.read_seed("seed", seed);
      Precision precision = Precision::kFloat32;
      fields.read("precision", precision);
      const std::u32string prompt = text_in("Generator", "prompt", fields.get("prompt"));
      const std::vector<TokenId> tokens = vocabulary_->encode(prompt);
      return val(std::make_shared<GeneratorHandle>(
          Generator(model_, tokens, sampling, seed, precision, stop_in(fields, *vocabulary_)), vocabulary_));
    });
  }

  /// options: {precision}
  val evaluate_text(const val& text, const val& options) {
    return attempt([&] {
      Precision precision = Precision::kFloat32;
      Fields("LanguageModel.evaluateText", options).read("precision", precision);
      const std::vector<TokenId> tokens =
          vocabulary_->encode(text_in("LanguageModel.evaluateText", "text", text));
      Evaluation evaluation(model_, tokens, precision);
      std::vector<float> log_probs;
      double piece[Evaluation::kPiece];
      while (const Index count = evaluation.advance(piece))
        log_probs.insert(log_probs.end(), piece, piece + count);
      val result = evaluation_out(evaluation);
      result.set("perplexity", std::exp(evaluation.loss_nats()));
      result.set("logProbs", copy_out(log_probs));
      return result;
    });
  }

  val loss_and_gradients(const val& ids, const val& targets, double seq_len, double batch_size,
                         const val& h_0, const val& c_0, const val& options) {
    return attempt([&] {
      const char* who = "LanguageModel.lossAndGradients";
      const auto [t, b] = window_in(who, val(seq_len), val(batch_size));
      check_window(model_->config(), b, t);
      const std::vector<TokenId> inputs = tokens_in(who, "ids", ids, t * b);
      const LossOptions loss_options(who, options, t * b);
      const CrossEntropyOptions& counted = loss_options.cross_entropy;
      const std::vector<TokenId> wanted =
          classes_in(who, "targets", targets, t * b, model_->config().vocab_size, counted.ignore_index);
      const ModelConfig& config = model_->config();
      StackState<float> state;
      model_->make_state(b, state);
      read_state(who, h_0, c_0, b, config.network.hidden_size, state);
      const float* rows = model_->forward(inputs.data(), t, b, state);
      std::vector<float> logits;
      for (Index r = 0; r < t * b; ++r, rows += padded(config.vocab_size)) {
        logits.insert(logits.end(), rows, rows + config.vocab_size);
      }
      const double loss = model_->gradients_of_loss(inputs.data(), wanted.data(), counted);
      expect_finite(who, "the loss", loss);
      val result = object();
      result.set("loss", loss);
      result.set("logits", copy_out(logits));
      result.set("hN", state_out(state.h, b, config.network.hidden_size));
      result.set("cN", state_out(state.c, b, config.network.hidden_size));
      result.set("gradients", tensors_out(export_gradients(model_->parameters())));
      return result;
    });
  }

  static val evaluation_out(const Evaluation& evaluation) {
    val result = object();
    result.set("done", evaluation.done());
    result.set("positions", static_cast<double>(evaluation.positions()));
    result.set("lossNats", evaluation.loss_nats());
    result.set("bitsPerChar", evaluation.loss_nats() / std::log(2.0));
    return result;
  }

 private:
  std::vector<TokenId> tokens_in(const char* who, const char* field, const val& value, Index size) const {
    auto tokens = array_in<TokenId>(who, field, value, "Int32Array", static_cast<std::size_t>(size));
    for (TokenId token : tokens) {
      if (token < 0 || token >= model_->config().vocab_size)
        reject(who, field, val(token), "tokens from 0 to V - 1");
    }
    return tokens;
  }

  std::shared_ptr<LanguageModel<float>> model_;
  std::shared_ptr<const Vocabulary> vocabulary_;
};

}  // namespace unroll::bindings
