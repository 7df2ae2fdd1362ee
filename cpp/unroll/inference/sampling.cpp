#include "unroll/inference/sampling.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "unroll/math/lanes.h"
#include "unroll/nn/finite.h"

namespace unroll {

TokenId argmax(const float* logits, Index vocab_size) {
  expect_choice(vocab_size, logits);
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
  const bool leaves_out = expect_choice(vocab_size, logits);
  // The maximum is taken off before dividing: at a low temperature the quotients alone would lose their
  // differences.
  const float max = largest(vocab_size, logits);
  const float temperature = static_cast<float>(config_.temperature);
  Index j = 0;
  for (; j + Lanes<float>::kWidth <= vocab_size; j += Lanes<float>::kWidth) {
    store(scaled_.data() + j, (load(logits + j) - splat(max)) / splat(temperature));
  }
  for (; j < vocab_size; ++j) scaled_[static_cast<std::size_t>(j)] = (logits[j] - max) / temperature;
  row_ = softmax(vocab_size, scaled_.data(), 1.0f, probabilities_.data());
  if (leaves_out) leave_out(vocab_size, logits, probabilities_.data());
  if ((config_.top_k > 0 && config_.top_k < vocab_size) || config_.top_p < 1.0) cut(vocab_size);
  return probabilities_;
}

void Sampler::cut(Index vocab_size) {
  const auto size = static_cast<std::size_t>(vocab_size);
  ranked_.resize(size);
  for (std::size_t j = 0; j < size; ++j) {
    ranked_[j] =
        std::uint64_t{std::bit_cast<std::uint32_t>(probabilities_[j])} << 32 | ~static_cast<std::uint32_t>(j);
  }
  const auto kept = config_.top_k > 0 ? std::min(size, static_cast<std::size_t>(config_.top_k)) : size;
  const auto last_kept = ranked_.begin() + static_cast<std::ptrdiff_t>(kept);
  if (kept < size) {
    std::partial_sort(ranked_.begin(), last_kept, ranked_.end(), std::greater<>());
  } else {
    std::sort(ranked_.begin(), ranked_.end(), std::greater<>());
  }
  const auto p = [&](std::size_t i) {
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(ranked_[i] >> 32)));
  };
  double mass = 0.0;
  for (std::size_t i = 0; i < kept; ++i) mass += p(i);
  double more_likely = 0.0;
  std::size_t chosen = 0;
  for (; chosen < kept && more_likely / mass < config_.top_p; ++chosen) more_likely += p(chosen);
  std::fill(probabilities_.begin(), probabilities_.end(), 0.0f);
  for (std::size_t i = 0; i < chosen; ++i) {
    probabilities_[~static_cast<std::uint32_t>(ranked_[i])] = static_cast<float>(p(i) / more_likely);
  }
}

TokenId Sampler::draw(Rng& rng) const {
  const double drawn = rng.uniform();
  double sum = 0.0;
  TokenId last = 0;
  for (std::size_t j = 0; j < probabilities_.size(); ++j) {
    const double p = static_cast<double>(probabilities_[j]);
    if (!(p > 0.0)) continue;
    last = static_cast<TokenId>(j);
    sum += p;
    if (drawn < sum) return last;
  }
  return last;  // rounding left the sum just below 1
}

Sampler::Choice Sampler::choose(const float* logits, Index vocab_size, Rng& rng) {
  TokenId token;
  if (config_.greedy) {
    token = argmax(logits, vocab_size);
  } else {
    distribution(logits, vocab_size);
    token = draw(rng);
  }
  const auto log_prob = [&](double largest_logit, double log_sum) {
    return Choice{token, static_cast<float>(static_cast<double>(logits[token]) - largest_logit - log_sum)};
  };
  // At temperature 1 the scaled logits are the model's own with the maximum taken off, and so is their sum.
  if (!config_.greedy && config_.temperature == 1.0) {
    return log_prob(static_cast<double>(largest(vocab_size, logits)), row_.log_sum);
  }
  scaled_.resize(static_cast<std::size_t>(padded(vocab_size)));
  const SoftmaxRow own = softmax(vocab_size, logits, 1.0f, scaled_.data());
  return log_prob(own.max, own.log_sum);
}

}  // namespace unroll
