#include "unroll/model/config_words.h"

#include "unroll/core/error.h"

namespace unroll {

void check_range(const char* who, const char* field, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::kInvalidConfig, std::string(who) + ": " + field + " is " + number_text(value) +
                                             ", expected " + number_text(low) + " to " + number_text(high));
}

}  // namespace unroll
