#include "unroll/model/sampling.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/nn/loss.h"

namespace unroll {
namespace {

void check(bool in_range, const char* field, double value, const char* expected) {
  if (in_range) return;
  throw Error(ErrorCode::kInvalidArgument, std::string("SamplingConfig: ") + field + " is " +
                                               number_text(value) + ", expected " + expected);
}

}  // namespace

void validate(const SamplingConfig& config) {
  check(config.temperature > 0.0 && config.temperature <= 100.0, "temperature", config.temperature,
        "a number above 0, at most 100; for the most likely character use greedy");
  check(config.top_k >= 0, "top_k", static_cast<double>(config.top_k), "0 (all) or a positive number");
  check(config.top_p > 0.0 && config.top_p <= 1.0, "top_p", config.top_p, "a number above 0, at most 1");
}

TokenId argmax(const float* logits, Index vocab_size) {
  return static_cast<TokenId>(std::max_element(logits, logits + vocab_size) - logits);
}

const std::vector<float>& Sampler::distribution(const float* logits, Index vocab_size) {
  const auto places = static_cast<std::size_t>(padded(vocab_size));
  scaled_.resize(places);
  probabilities_.resize(places);
  if (config_.greedy) {
    std::fill(probabilities_.begin(), probabilities_.end(), 0.0f);
    probabilities_[static_cast<std::size_t>(argmax(logits, vocab_size))] = 1.0f;
    return probabilities_;
  }
  // The maximum is taken off before dividing: at a low temperature the quotients alone would lose their
  // differences.
  const float max = *std::max_element(logits, logits + vocab_size);
  const float temperature = static_cast<float>(config_.temperature);
  for (Index j = 0; j < vocab_size; ++j)
    scaled_[static_cast<std::size_t>(j)] = (logits[j] - max) / temperature;
  softmax(vocab_size, scaled_.data(), 1.0f, probabilities_.data());
  if ((config_.top_k > 0 && config_.top_k < vocab_size) || config_.top_p < 1.0) cut(vocab_size);
  return probabilities_;
}

void Sampler::cut(Index vocab_size) {
  order_.resize(static_cast<std::size_t>(vocab_size));
  std::iota(order_.begin(), order_.end(), TokenId{0});
  const auto p = [&](TokenId token) -> float& { return probabilities_[static_cast<std::size_t>(token)]; };
  std::stable_sort(order_.begin(), order_.end(), [&](TokenId a, TokenId b) { return p(a) > p(b); });
  auto kept = order_.size();
  if (config_.top_k > 0) kept = std::min(kept, static_cast<std::size_t>(config_.top_k));
  double mass = 0.0;
  for (std::size_t i = 0; i < kept; ++i) mass += static_cast<double>(p(order_[i]));
  double more_likely = 0.0;
  double kept_mass = 0.0;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const double own = static_cast<double>(p(order_[i]));
    if (i < kept && more_likely / mass < config_.top_p) {
      kept_mass += own;
    } else {
      p(order_[i]) = 0.0f;
    }
    more_likely += own;
  }
  for (float& probability : probabilities_) {
    probability = static_cast<float>(static_cast<double>(probability) / kept_mass);
  }
}

TokenId Sampler::choose(const float* logits, Index vocab_size, Rng& rng) {
  if (config_.greedy) return argmax(logits, vocab_size);
  distribution(logits, vocab_size);
  const double drawn = rng.uniform();
  double sum = 0.0;
  TokenId last = 0;
  for (Index j = 0; j < vocab_size; ++j) {
    const double p = static_cast<double>(probabilities_[static_cast<std::size_t>(j)]);
    if (p <= 0.0) continue;
    last = static_cast<TokenId>(j);
    sum += p;
    if (drawn < sum) return last;
  }
  return last;  // rounding left the sum just below 1
}

}  // namespace unroll
