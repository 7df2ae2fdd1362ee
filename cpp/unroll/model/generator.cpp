#include "unroll/model/generator.h"

#include "unroll/model/prompt.h"

namespace unroll {

Generator::Generator(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> prompt,
                     const SamplingConfig& sampling, std::uint64_t seed)
    : model_(std::move(model)), sampler_(sampling), rng_(seed, Rng::Purpose::kSampling) {
  read_prompt(*model_, prompt, state_);
  last_ = prompt.back();
}

Generator::Choice Generator::next() {
  const Index vocab_size = model_->config().vocab_size;
  const float* logits = model_->forward(&last_, 1, 1, state_);
  last_ = sampler_.choose(logits, vocab_size, rng_);
  scratch_.resize(static_cast<std::size_t>(padded(vocab_size)));
  return {last_, static_cast<float>(log_prob_of(logits, vocab_size, last_, scratch_.data()))};
}

}  // namespace unroll
