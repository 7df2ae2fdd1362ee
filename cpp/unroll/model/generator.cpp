#include "unroll/model/generator.h"

#include "unroll/model/prompt.h"

namespace unroll {

Generator::Generator(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> prompt,
                     const SamplingConfig& sampling, std::uint64_t seed, Precision precision)
    : model_(std::move(model)),
      reader_(*model_, precision),
      sampler_(sampling),
      rng_(seed, Rng::Purpose::kSampling) {
  read_prompt(reader_, prompt, state_);
  last_ = prompt.back();
}

Generator::Choice Generator::next() {
  const float* logits = reader_.forward(&last_, 1, 1, state_);
  const Choice choice = sampler_.choose(logits, reader_.config().vocab_size, rng_);
  last_ = choice.token;
  return choice;
}

}  // namespace unroll
