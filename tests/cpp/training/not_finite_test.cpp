#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "support/random.h"
#include "support/state_dict.h"
#include "unroll/model/language_model.h"

/// A weight that is not a number is seen in the loss of the same step, whichever it is and whatever the cell:
/// no clamp may turn it into a number.
namespace unroll::testing::not_finite_test {
namespace {

constexpr Index kT = 4, kB = 3, kV = 6;

class NotFinite : public ::testing::TestWithParam<CellKind> {};

TEST_P(NotFinite, WeightIsSeenInTheLoss) {
  for (Index embedding_dim : {0, 3}) {
    LanguageModel<float> model({.network = {.cell = GetParam(), .hidden_size = 5, .num_layers = 2},
                                .vocab_size = kV,
                                .embedding_dim = embedding_dim});
    std::vector<TokenId> ids = Random(1).tokens(kT * kB, kV);
    ids[0] = 0;  // column 0 of a one-hot weight is read
    Parameters<float>& parameters = model.parameters();
    StackState<float> state;
    for (Index id = 0; id < parameters.count(); ++id) {
      SCOPED_TRACE(parameters.spec(id).name);
      float& weight = parameters.value(id)[parameters.spec(id).layout.place(0, 0)];
      const float kept = weight;
      weight = std::numeric_limits<float>::quiet_NaN();
      parameters.changed();
      model.make_state(kB, state);
      EXPECT_TRUE(std::isnan(model.loss_and_gradients(ids.data(), ids.data(), kT, kB, state)));
      weight = kept;
      parameters.changed();
      model.make_state(kB, state);
      EXPECT_TRUE(std::isfinite(model.loss_and_gradients(ids.data(), ids.data(), kT, kB, state)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, NotFinite, ::testing::ValuesIn(kAllCells),
                         [](const auto& info) { return std::string(cell<float>(info.param).name); });

}  // namespace
}  // namespace unroll::testing::not_finite_test
