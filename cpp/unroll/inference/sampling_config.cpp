#include <string>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/inference/sampling.h"

namespace unroll {
namespace {

void check(bool in_range, const char* field, double value, const char* expected) {
  if (in_range) return;
  throw Error(ErrorCode::kInvalidArgument, std::string("SamplingConfig: ") + field + " is " +
                                               number_text(value) + ", expected " + expected);
}

}  // namespace

void validate(const SamplingConfig& config) {
  // As the float that logits are divided by: what is smaller would be zero.
  const auto temperature = static_cast<float>(config.temperature);
  check(temperature > 0.0f && temperature <= 100.0f, "temperature", config.temperature,
        "a number from 1e-45 to 100; for the most likely character use greedy");
  check(config.top_k >= 0, "top_k", static_cast<double>(config.top_k), "0 (all) or a positive number");
  check(config.top_p > 0.0 && config.top_p <= 1.0, "top_p", config.top_p, "a number above 0, at most 1");
}

}  // namespace unroll
