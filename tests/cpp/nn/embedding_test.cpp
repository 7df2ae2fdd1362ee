#include "unroll/nn/embedding.h"

#include <gtest/gtest.h>

#include "support/random.h"
#include "support/state_dict.h"

namespace unroll::testing::embedding_test {
namespace {

constexpr Index kRows = 9, kV = 5, kE = 3;

/// Tokens with repetitions, and one that does not occur.
const TokenId kTokens[kRows] = {4, 0, 4, 1, 4, 0, 2, 2, 4};
constexpr TokenId kAbsent = 3;

TEST(Embedding, GivesEachTokenItsRow) {
  Parameters<float> parameters;
  const Embedding<float> embedding(kV, kE, "embedding.", parameters);
  parameters.allocate();
  Rng rng(1, Rng::Purpose::kInitialisation);
  parameters.initialise(rng);
  const Array<double> weight = value_of(parameters, 0);

  AlignedBuffer<float> out(kRows * embedding.stride());
  embedding.forward(parameters, kRows, kTokens, out.data());
  for (Index r = 0; r < kRows; ++r) {
    for (Index j = 0; j < embedding.stride(); ++j) {
      const double expected = j < kE ? weight(kTokens[r], j) : 0.0;
      EXPECT_EQ(static_cast<double>(out[r * embedding.stride() + j]), expected) << r << ", " << j;
    }
  }
}

/// The gradient of each row of the weight, worked out by a loop.
Array<double> expected_gradient(const AlignedBuffer<float>& d_out, TokenId padding_idx) {
  Array<float> sums(kV, kE);
  for (Index r = 0; r < kRows; ++r) {
    for (Index j = 0; j < kE && kTokens[r] != padding_idx; ++j)
      sums(kTokens[r], j) += d_out[r * padded(kE) + j];
  }
  Array<double> gradient(kV, kE);
  for (Index i = 0; i < sums.size(); ++i) gradient[i] = static_cast<double>(sums[i]);
  return gradient;
}

TEST(Embedding, AddsTheGradientsOfATokenInRisingOrder) {
  Random random(2);
  AlignedBuffer<float> d_out;
  random.fill_rows(d_out, kRows, kE);
  for (TokenId padding_idx : {TokenId{-1}, TokenId{4}}) {
    Parameters<float> parameters;
    const Embedding<float> embedding(kV, kE, "embedding.", parameters, padding_idx);
    parameters.allocate();
    embedding.backward(parameters, kRows, kTokens, d_out.data());
    const Array<double> expected = expected_gradient(d_out, padding_idx);
    const Array<double> gradient = gradient_of(parameters, 0);
    for (Index i = 0; i < gradient.size(); ++i) EXPECT_EQ(gradient[i], expected[i]) << i;
    for (Index j = 0; j < kE; ++j) EXPECT_EQ(gradient(kAbsent, j), 0.0);
  }
}

}  // namespace
}  // namespace unroll::testing::embedding_test
