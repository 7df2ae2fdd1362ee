#pragma once

#include <vector>

#include "unroll/nn/mean_loss.h"
#include "values_in.h"

namespace unroll::bindings {

/// Which rows of a loss count; keeps the weights that the engine looks at.
class LossOptions {
 public:
  /// {ignoreIndex?, labelSmoothing?, weights?: Float32Array of `rows` numbers from 0 on}
  LossOptions(const char* who, const val& object, Index rows) {
    const Fields fields(who, object);
    Index ignored = cross_entropy.ignore_index;
    fields.read("ignoreIndex", ignored);
    cross_entropy.ignore_index = static_cast<TokenId>(ignored);
    fields.read("labelSmoothing", cross_entropy.label_smoothing);
    const double smoothing = cross_entropy.label_smoothing;
    if (!(smoothing >= 0.0 && smoothing <= 1.0)) reject(who, "labelSmoothing", val(smoothing), "0 to 1");
    weights_ = optional_array_in<float>(who, "weights", fields.get("weights"), "Float32Array",
                                        static_cast<std::size_t>(rows));
    for (const float weight : weights_) {
      if (!(weight >= 0.0f && std::isfinite(weight)))
        reject(who, "a weight", val(weight), "a number from 0 on");
    }
    cross_entropy.weights = {.weights = weights_};
  }
  LossOptions(const LossOptions&) = delete;

  CrossEntropyOptions cross_entropy;

 private:
  std::vector<float> weights_;
};

/// Targets of `rows` rows: classes, or the number that stands for none.
inline std::vector<TokenId> classes_in(const char* who, const char* field, const val& value, Index rows,
                                       Index classes, TokenId ignore_index) {
  auto targets = array_in<TokenId>(who, field, value, "Int32Array", static_cast<std::size_t>(rows));
  for (const TokenId target : targets) {
    if (target == ignore_index || (target >= 0 && target < classes)) continue;
    reject(who, field, val(target), "classes from 0 on, below their number, or ignoreIndex");
  }
  return targets;
}

}  // namespace unroll::bindings
