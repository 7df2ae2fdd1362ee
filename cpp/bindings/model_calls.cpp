#include "model_calls.h"

#include <cmath>

#include "flow_out.h"
#include "unroll/inference/beam_search.h"
#include "unroll/inference/many_texts.h"
#include "unroll/inference/probe.h"

namespace unroll::bindings {

namespace {

val probe_out(const LanguageModel<float>& model, const Probe& probe) {
  const Cell<float>& own = model.stack().layer(0, 0).cell();
  val gate_names = val::array();
  for (std::string_view name : own.gate_names) {
    if (!name.empty()) gate_names.call<void>("push", std::string(name));
  }
  val layers = val::array();
  for (const auto& [gates, h, c] : probe.layers) {
    val layer = object();
    layer.set("gates", gates.empty() ? val::null() : copy_out(gates));
    layer.set("h", copy_out(h));
    layer.set("c", c.empty() ? val::null() : copy_out(c));
    layers.call<void>("push", layer);
  }
  val result = object();
  result.set("gateNames", gate_names);
  result.set("layers", layers);
  result.set("probabilities", copy_out(probe.probabilities));
  return result;
}

}  // namespace

val probe_text(const LanguageModelHandle& model, const val& text, const val& target) {
  return attempt([&] {
    const char* who = "LanguageModel.probe";
    const std::vector<TokenId> tokens = model.characters().encode(text_in(who, "text", text));
    const std::vector<TokenId> guess =
        target.isNull() ? std::vector<TokenId>() : model.characters().encode(text_in(who, "target", target));
    if (!target.isNull() && guess.size() != 1) reject(who, "target", val(guess.size()), "one character");
    val result = probe_out(model.network(), probe(model.network(), tokens));
    result.set("guess", val::null());
    if (guess.empty()) return result;
    const auto [loss_nats, flow] = probe_guess(model.network(), tokens, guess[0]);
    val guess_out = object();
    guess_out.set("lossNats", loss_nats);
    guess_out.set("flow", flow_out(flow));
    result.set("guess", guess_out);
    return result;
  });
}

val evaluate_texts(const LanguageModelHandle& model, const val& texts, const val& options) {
  return attempt([&] {
    const char* who = "LanguageModel.evaluateTexts";
    Precision precision = Precision::kFloat32;
    Fields(who, options).read("precision", precision);
    TextReader reader(model.network(), precision);
    val results = val::array();
    for (const ScoredText& score : score_texts(reader, tokens_in(who, "texts", model.characters(), texts))) {
      val result = object();
      result.set("positions", static_cast<double>(score.log_probs.size()));
      result.set("lossNats", score.loss_nats);
      result.set("bitsPerChar", score.loss_nats / std::log(2.0));
      result.set("perplexity", std::exp(score.loss_nats));
      result.set("logProbs", copy_out(std::vector<float>(score.log_probs.begin(), score.log_probs.end())));
      results.call<void>("push", result);
    }
    return results;
  });
}

val generate_many(const LanguageModelHandle& model, const val& request) {
  return attempt([&] {
    const Fields fields("generateMany", request);
    const SamplingConfig sampling = sampling_in(fields);
    Index length = 0;
    fields.read("length", length);
    const auto prompts = tokens_in(fields.who(), "prompts", model.characters(), fields.get("prompts"));
    std::vector<std::uint64_t> seeds;
    for (double seed : array_in<double>(fields.who(), "seeds", fields.get("seeds"), "Float64Array")) {
      if (!(seed >= 0.0 && seed <= kMaxSeed) || seed != std::floor(seed))
        reject(fields.who(), "a seed", val(seed), "a whole number from 0 to 2^53 - 1");
      seeds.push_back(static_cast<std::uint64_t>(seed));
    }
    const StopStrings stop = stop_in(fields, model.characters());
    Precision precision = Precision::kFloat32;
    fields.read("precision", precision);
    TextReader reader(model.network(), precision);
    val results = val::array();
    for (const WrittenText& text : write_texts(reader, prompts, sampling, seeds, length, stop)) {
      results.call<void>("push", written_out(model.characters(), text));
    }
    return results;
  });
}

val beam_search_text(const LanguageModelHandle& model, const val& request) {
  return attempt([&] {
    const Fields fields("beamSearch", request);
    BeamConfig config;
    fields.read("width", config.width);
    fields.read("length", config.length);
    fields.read("lengthPenalty", config.length_penalty);
    const auto prompt = model.characters().encode(text_in(fields.who(), "prompt", fields.get("prompt")));
    const StopStrings stop = stop_in(fields, model.characters());
    val results = val::array();
    for (const Beam& beam : beam_search(model.network(), prompt, config, stop)) {
      val result = object();
      result.set("text", bytes_out(encode_utf8(model.characters().decode(beam.tokens))));
      result.set("logProbs", copy_out(beam.log_probs));
      result.set("logProb", beam.log_prob);
      result.set("score", beam.score);
      results.call<void>("push", result);
    }
    return results;
  });
}

}  // namespace unroll::bindings
