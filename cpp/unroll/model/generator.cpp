#include "unroll/model/generator.h"

#include "unroll/core/error.h"
#include "unroll/nn/loss.h"

namespace unroll {
namespace {

/// A long prompt is read in pieces, so that it needs no more memory than a short one.
constexpr Index kPromptChunk = 256;

}  // namespace

Generator::Generator(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> prompt,
                     const SamplingConfig& sampling, std::uint64_t seed)
    : model_(std::move(model)), sampler_(sampling), rng_(seed, Rng::Purpose::kSampling) {
  if (prompt.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "Generator: the prompt is empty, expected at least one token to start from");
  }
  model_->make_state(1, state_);
  const auto before_last = static_cast<Index>(prompt.size()) - 1;
  for (Index at = 0; at < before_last; at += kPromptChunk) {
    model_->forward(prompt.data() + at, std::min(kPromptChunk, before_last - at), 1, state_);
  }
  last_ = prompt.back();
}

Generator::Choice Generator::next() {
  const Index vocab_size = model_->config().vocab_size;
  const float* logits = model_->forward(&last_, 1, 1, state_);
  const TokenId token = sampler_.choose(logits, vocab_size, rng_);
  scratch_.resize(static_cast<std::size_t>(padded(vocab_size)));
  const auto [max, log_sum] = softmax(vocab_size, logits, 1.0f, scratch_.data());
  last_ = token;
  return {token, static_cast<float>(static_cast<double>(logits[token]) - max - log_sum)};
}

}  // namespace unroll
