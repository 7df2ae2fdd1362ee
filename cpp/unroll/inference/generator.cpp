#include "unroll/inference/generator.h"

#include <string>

#include "unroll/core/error.h"
#include "unroll/inference/prompt.h"

namespace unroll {

void check_length(const char* who, const char* field, Index length) {
  if (length >= 0 && length <= kMaxWritten) return;
  throw Error(ErrorCode::kInvalidArgument, std::string(who) + ": " + field + " is " + std::to_string(length) +
                                               ", expected 0 to " + std::to_string(kMaxWritten));
}

Generator::Generator(std::shared_ptr<LanguageModel<float>> model, std::span<const TokenId> prompt,
                     const SamplingConfig& sampling, std::uint64_t seed, Precision precision,
                     StopStrings stop)
    : model_(std::move(model)),
      reader_(*model_, precision),
      sampler_(sampling),
      rng_(seed, Rng::Purpose::kSampling),
      stop_(std::move(stop)) {
  read_prompt(reader_, prompt, state_);
  last_ = prompt.back();
}

Generator::Choice Generator::next() {
  const float* logits = reader_.forward(&last_, 1, 1, state_);
  const Choice choice = sampler_.choose(logits, reader_.config().vocab_size, rng_);
  last_ = choice.token;
  return choice;
}

void Generator::look_for_stop(TokenId token) {
  recent_.push_back(token);
  if (recent_.size() > stop_.longest()) recent_.erase(recent_.begin());
  stopped_ = stop_.end(recent_);
}

WrittenText Generator::write(Index count) {
  check_length("Generator.next", "count", count);
  WrittenText text;
  for (Index i = 0; i < count && !stopped_; ++i) {
    const auto [token, log_prob] = next();
    text.tokens.push_back(token);
    text.log_probs.push_back(log_prob);
    look_for_stop(token);
  }
  text.stopped = stopped_;
  return text;
}

}  // namespace unroll
