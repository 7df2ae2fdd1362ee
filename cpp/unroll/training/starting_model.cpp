#include "unroll/training/starting_model.h"

#include <algorithm>
#include <string>

#include "unroll/core/error.h"
#include "unroll/model/state_dict.h"
#include "unroll/training/trainer_state.h"

namespace unroll {
namespace {

/// The overlap of two arrays that begin at the same corner.
void copy_corner(const Tensor& from, Tensor& to) {
  const auto width = [](const Tensor& tensor) {
    return tensor.shape.size() > 1 ? tensor.shape[1] : Index{1};
  };
  const Index rows = std::min(from.shape[0], to.shape[0]), columns = std::min(width(from), width(to));
  for (Index row = 0; row < rows; ++row) {
    std::copy_n(from.data.begin() + row * width(from), columns, to.data.begin() + row * width(to));
  }
}

}  // namespace

void expect_same_network(const ModelConfig& config, const ModelConfig& model) {
  ModelConfig same = model;
  same.vocab_size = config.vocab_size;
  same.network.dropout = config.network.dropout;
  same.network.init = config.network.init;
  same.network.forget_bias = config.network.forget_bias;
  same.network.seed = config.network.seed;
  const std::string here = describe(config), there = describe(same);
  if (here == there) return;
  throw Error(ErrorCode::kInvalidConfig,
              "Trainer: got " + first_difference(here, there) + ", as the model to start from");
}

void copy_known_weights(const LanguageModel<float>& from, LanguageModel<float>& to) {
  const std::vector<Tensor> known = export_values(from.parameters());
  std::vector<Tensor> values = export_values(to.parameters());
  for (std::size_t i = 0; i < values.size(); ++i) copy_corner(known[i], values[i]);
  import_values(values, to.parameters());
}

}  // namespace unroll
