#include "unroll/text/split.h"

#include <algorithm>
#include <cmath>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"

namespace unroll {

TextSplit split_text(Index size, const std::array<double, 3>& fractions) {
  const auto [train, validation, test] = fractions;
  const bool valid =
      train > 0.0 && validation >= 0.0 && test >= 0.0 && std::abs(train + validation + test - 1.0) <= 1e-9;
  if (!valid) {
    throw Error(ErrorCode::kInvalidConfig,
                "TrainConfig: split is " + number_text(train) + ", " + number_text(validation) + ", " +
                    number_text(test) +
                    ", expected three fractions that add up to 1, with a training part above 0");
  }
  // 0.9 + 0.05 is a hair below 0.95 in binary; rounding the sum to 12 digits gives back the fraction that was
  // meant.
  const double both = std::round((train + validation) * 1e12) / 1e12;
  const auto boundary = [&](double fraction) {
    return std::min(size, static_cast<Index>(std::floor(fraction * static_cast<double>(size))));
  };
  return {boundary(train), boundary(both)};
}

}  // namespace unroll
