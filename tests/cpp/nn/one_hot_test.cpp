#include <gtest/gtest.h>

#include <string>

#include "support/random.h"
#include "support/same_bits.h"
#include "support/state_dict.h"
#include "unroll/nn/stack.h"

/// Tokens are looked up instead of multiplied with, which must give what multiplying by one-hot vectors
/// gives: to the bit, because adding zero changes nothing.
namespace unroll::testing::one_hot_test {
namespace {

constexpr Index kT = 5, kB = 3, kV = 7, kH = 6;

struct Result {
  Array<float> output;
  std::vector<Array<double>> gradients;
};

Result run(CellKind cell, bool one_hot, const LayerInput<float>& input,
           const std::vector<Array<double>>& weights) {
  Parameters<float> parameters;
  Stack<float> stack(
      {.network = {.cell = cell, .hidden_size = kH}, .input_size = kV, .one_hot = one_hot, .prefix = ""},
      parameters);
  parameters.allocate();
  for (std::size_t id = 0; id < weights.size(); ++id)
    set_value(parameters, static_cast<Index>(id), weights[id]);
  Packing packing;
  packing.set_full(kT, kB);
  stack.forward(parameters, input, packing, nullptr, Dropout::kOff, nullptr);
  Result result{Array<float>(kT * kB, padded(kH)), {}};
  std::copy_n(stack.output(), result.output.size(), result.output.data());
  AlignedBuffer<float> d_output;
  Random(3).fill_rows(d_output, kT * kB, kH);
  StackState<float> d_state;
  stack.make_state(kB, d_state);
  stack.backward(parameters, input, packing, d_output.data(), d_state, nullptr);
  for (Index id = 0; id < parameters.count(); ++id) result.gradients.push_back(gradient_of(parameters, id));
  return result;
}

class OneHot : public ::testing::TestWithParam<CellKind> {};

TEST_P(OneHot, IsAProductWithOneHotVectors) {
  Random random(1);
  const Index rows = cell<float>(GetParam()).gates * kH;
  const std::vector<Array<double>> weights = {random.array<double>(rows, kV), random.array<double>(rows, kH),
                                              random.array<double>(rows, 1), random.array<double>(rows, 1)};
  const std::vector<TokenId> tokens = random.tokens(kT * kB, kV);
  AlignedBuffer<float> vectors(kT * kB * padded(kV));
  for (Index r = 0; r < kT * kB; ++r) vectors[r * padded(kV) + tokens[static_cast<std::size_t>(r)]] = 1.0f;

  const Result by_token = run(GetParam(), true, {.tokens = tokens.data()}, weights);
  const Result by_vector = run(GetParam(), false, {.rows = vectors.data(), .stride = padded(kV)}, weights);
  EXPECT_TRUE(same_bits(by_token.output, by_vector.output));
  for (std::size_t id = 0; id < weights.size(); ++id) {
    // A zero may have another sign.
    for (Index i = 0; i < weights[id].size(); ++i) {
      EXPECT_EQ(by_token.gradients[id][i], by_vector.gradients[id][i]) << id << ", " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, OneHot, ::testing::ValuesIn(kAllCells),
                         [](const auto& info) { return std::string(cell<float>(info.param).name); });

}  // namespace
}  // namespace unroll::testing::one_hot_test
