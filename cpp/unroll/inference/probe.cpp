#include "unroll/inference/probe.h"

#include <algorithm>
#include <string>

#include "unroll/core/error.h"
#include "unroll/nn/finite.h"
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

/// The first `features` numbers of each row; rows are `stride` apart in `from` and `to_stride` in `to`.
void copy_rows(const float* from, Index count, Index stride, Index features, float* to, Index to_stride) {
  for (Index r = 0; r < count; ++r) std::copy_n(from + r * stride, features, to + r * to_stride);
}

std::vector<float> dense(const float* rows, Index count, Index stride, Index features) {
  std::vector<float> result(static_cast<std::size_t>(count * features));
  copy_rows(rows, count, stride, features, result.data(), features);
  return result;
}

Probe::Layer read_layer(const RecurrentLayer<float>& layer, Index steps, Index hidden_size) {
  const Cell<float>& cell = layer.cell();
  const Index width = layer.width();
  Index shown = 0;
  while (shown < kMaxGates && !cell.gate_names[static_cast<std::size_t>(shown)].empty()) ++shown;
  Probe::Layer result;
  result.gates.resize(static_cast<std::size_t>(steps * shown * hidden_size));
  for (Index gate = 0; gate < shown; ++gate) {
    const float* slot = layer.gates() + cell.input_slot[static_cast<std::size_t>(gate)] * width;
    copy_rows(slot, steps, cell.slots * width, hidden_size, result.gates.data() + gate * hidden_size,
              shown * hidden_size);
  }
  result.h = dense(layer.output(), steps, width, hidden_size);
  if (cell.has_cell_state) result.c = dense(layer.cell_states(), steps, width, hidden_size);
  return result;
}

/// Of all norms: a number that is none stays none in it.
double sum_of(const GradientFlow& flow) {
  double sum = 0.0;
  const auto add = [&](const std::vector<double>& norms) {
    for (double norm : norms) sum += norm;
  };
  for (const GradientFlow::Layer& layer : flow.layers) {
    add(layer.h);
    add(layer.c);
  }
  add(flow.input);
  return sum;
}

}  // namespace

Probe probe(LanguageModel<float>& model, std::span<const TokenId> tokens) {
  const ModelConfig& config = model.config();
  check(config, tokens.size());
  const auto steps = static_cast<Index>(tokens.size());
  StackState<float> state;
  model.make_state(1, state);
  const float* logits = model.forward(tokens.data(), steps, 1, state);
  expect_finite("Probe", "a logit", steps, config.vocab_size, logits);
  Probe result;
  for (Index k = 0; k < config.network.num_layers; ++k) {
    result.layers.push_back(read_layer(model.stack().layer(k, 0), steps, config.network.hidden_size));
  }
  const Index stride = padded(config.vocab_size);
  AlignedBuffer<float> rows(steps * stride);
  for (Index t = 0; t < steps; ++t)
    softmax(config.vocab_size, logits + t * stride, 1.0f, rows.data() + t * stride);
  result.probabilities = dense(rows.data(), steps, stride, config.vocab_size);
  return result;
}

GuessProbe probe_guess(LanguageModel<float>& model, std::span<const TokenId> tokens, TokenId target) {
  check(model.config(), tokens.size());
  GuessProbe result;
  result.flow =
      model.gradient_flow(tokens.data(), static_cast<Index>(tokens.size()), target, result.loss_nats);
  expect_finite("Probe", "the loss or its gradient", result.loss_nats + sum_of(result.flow));
  return result;
}

}  // namespace unroll
