#include "unroll/model/probe.h"

#include <algorithm>
#include <string>

#include "unroll/core/error.h"
#include "unroll/nn/loss.h"

namespace unroll {
namespace {

void check(const ModelConfig& config, std::size_t length) {
  if (length == 0)
    throw Error(ErrorCode::kTextTooShort, "Probe: the text is empty, expected a character to read");
  if (length > static_cast<std::size_t>(kMaxSeqLen)) {
    throw Error(ErrorCode::kTooBig, "Probe: the text has " + std::to_string(length) +
                                        " characters, at most " + std::to_string(kMaxSeqLen) +
                                        " can be looked at in one piece; choose a part of it");
  }
  check_window(config, 1, static_cast<Index>(length));
}

/// `features` numbers of each row, `stride` apart, appended one row after the other.
void append_rows(const float* rows, Index count, Index stride, Index features, std::vector<float>& target) {
  for (Index r = 0; r < count; ++r)
    target.insert(target.end(), rows + r * stride, rows + r * stride + features);
}

Probe::Layer read_layer(const RecurrentLayer<float>& layer, Index steps, Index hidden_size) {
  const Cell<float>& cell = layer.cell();
  const Index width = layer.width();
  Probe::Layer result;
  for (Index t = 0; t < steps; ++t) {
    const float* slots = layer.gates() + t * cell.slots * width;
    for (std::size_t gate = 0; gate < cell.gate_names.size() && !cell.gate_names[gate].empty(); ++gate) {
      append_rows(slots + cell.input_slot[gate] * width, 1, width, hidden_size, result.gates);
    }
  }
  append_rows(layer.output(), steps, width, hidden_size, result.h);
  if (cell.has_cell_state) append_rows(layer.cell_states(), steps, width, hidden_size, result.c);
  return result;
}

}  // namespace

Probe probe(LanguageModel<float>& model, std::span<const TokenId> tokens) {
  const ModelConfig& config = model.config();
  check(config, tokens.size());
  const auto steps = static_cast<Index>(tokens.size());
  StackState<float> state;
  model.make_state(1, state);
  const float* logits = model.forward(tokens.data(), steps, 1, state);
  Probe result;
  for (Index k = 0; k < config.num_layers; ++k) {
    result.layers.push_back(read_layer(model.stack().layer(k, 0), steps, config.hidden_size));
  }
  std::vector<float> row(static_cast<std::size_t>(padded(config.vocab_size)));
  for (Index t = 0; t < steps; ++t) {
    softmax(config.vocab_size, logits + t * padded(config.vocab_size), 1.0f, row.data());
    append_rows(row.data(), 1, padded(config.vocab_size), config.vocab_size, result.probabilities);
  }
  return result;
}

GuessProbe probe_guess(LanguageModel<float>& model, std::span<const TokenId> tokens, TokenId target) {
  check(model.config(), tokens.size());
  GuessProbe result;
  result.flow =
      model.gradient_flow(tokens.data(), static_cast<Index>(tokens.size()), target, result.loss_nats);
  return result;
}

}  // namespace unroll
