#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "support/random.h"
#include "support/same_bits.h"
#include "support/state_dict.h"
#include "unroll/model/language_model.h"

/// What must not change about the language model, and how the rest must, when it is asked in another way.
namespace unroll::testing::language_model_metamorphic_test {
namespace {

constexpr Index kT = 6, kB = 4, kV = 7, kE = 5, kH = 11;

struct Case {
  CellKind cell;
  Index embedding_dim;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (CellKind cell : kAllCells) {
    for (Index embedding_dim : {Index{0}, kE}) cases.push_back({cell, embedding_dim});
  }
  return cases;
}

class LanguageModelMetamorphic : public ::testing::TestWithParam<Case> {
 protected:
  static ModelConfig config() {
    return {.network = {.cell = GetParam().cell, .hidden_size = kH, .num_layers = 2},
            .vocab_size = kV,
            .embedding_dim = GetParam().embedding_dim};
  }

  LanguageModelMetamorphic() : model(config()) {
    Random random(1);
    ids = random.tokens(kT * kB, kV);
    targets = random.tokens(kT * kB, kV);
  }

  LanguageModel<float> model;
  std::vector<TokenId> ids, targets;
};

/// The logits of a window without their padding.
Array<float> logits_of(LanguageModel<float>& model, const TokenId* ids, Index seq_len, Index batch_size,
                       StackState<float>& state) {
  const float* padded_logits = model.forward(ids, seq_len, batch_size, state);
  Array<float> logits(seq_len * batch_size, kV);
  for (Index r = 0; r < logits.rows(); ++r) std::copy_n(padded_logits + r * padded(kV), kV, logits.row(r));
  return logits;
}

Array<float> logits_of(LanguageModel<float>& model, const std::vector<TokenId>& ids, Index seq_len,
                       Index batch_size) {
  StackState<float> state;
  model.make_state(batch_size, state);
  return logits_of(model, ids.data(), seq_len, batch_size, state);
}

double loss_of(LanguageModel<float>& model, const std::vector<TokenId>& ids,
               const std::vector<TokenId>& targets) {
  StackState<float> state;
  model.make_state(kB, state);
  return model.loss_and_gradients(ids.data(), targets.data(), kT, kB, state);
}

std::vector<Array<double>> gradients_of(const LanguageModel<float>& model) {
  std::vector<Array<double>> gradients;
  for (Index id = 0; id < model.parameters().count(); ++id) {
    gradients.push_back(gradient_of(model.parameters(), id));
  }
  return gradients;
}

void expect_near(const Array<double>& a, const Array<double>& b, double tolerance, const std::string& what) {
  ASSERT_EQ(a.size(), b.size());
  for (Index i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << what << ", " << i;
}

TEST_P(LanguageModelMetamorphic, EachSequenceOfABatchIsAsIfAlone) {
  const Array<float> together = logits_of(model, ids, kT, kB);
  for (Index b = 0; b < kB; ++b) {
    std::vector<TokenId> own;
    Array<float> expected(kT, kV);
    for (Index t = 0; t < kT; ++t) {
      own.push_back(ids[static_cast<std::size_t>(t * kB + b)]);
      std::copy_n(together.row(t * kB + b), kV, expected.row(t));
    }
    EXPECT_TRUE(same_bits(logits_of(model, own, kT, 1), expected));
  }
}

TEST_P(LanguageModelMetamorphic, AWindowInTwoPiecesIsTheWholeOne) {
  const Array<float> whole = logits_of(model, ids, kT, kB);
  for (Index first = 1; first < kT; ++first) {
    StackState<float> state;
    model.make_state(kB, state);
    const Array<float> early = logits_of(model, ids.data(), first, kB, state);
    const Array<float> late = logits_of(model, ids.data() + first * kB, kT - first, kB, state);
    Array<float> joined(kT * kB, kV);
    std::copy(early.begin(), early.end(), joined.begin());
    std::copy(late.begin(), late.end(), joined.row(first * kB));
    EXPECT_TRUE(same_bits(joined, whole)) << first;
  }
}

TEST_P(LanguageModelMetamorphic, TrainingAndEvaluationSeeTheSameLossAndState) {
  StackState<float> trained, evaluated;
  model.make_state(kB, trained);
  model.make_state(kB, evaluated);
  const double mean = model.loss_and_gradients(ids.data(), targets.data(), kT, kB, trained);
  const double sum = model.evaluate(ids.data(), targets.data(), kT, kB, evaluated);
  EXPECT_DOUBLE_EQ(mean * kT * kB, sum);
  for (std::size_t k = 0; k < trained.h.size(); ++k) {
    for (Index i = 0; i < trained.h[k].size(); ++i) EXPECT_EQ(trained.h[k][i], evaluated.h[k][i]);
  }
}

TEST_P(LanguageModelMetamorphic, GradientsAreSetNotAdded) {
  loss_of(model, ids, targets);
  const std::vector<Array<double>> once = gradients_of(model);
  loss_of(model, ids, targets);
  const std::vector<Array<double>> again = gradients_of(model);
  for (std::size_t id = 0; id < once.size(); ++id) EXPECT_TRUE(same_bits(once[id], again[id]));
}

/// Other names for the tokens: the rows that belong to them move, nothing else does. The sums over the
/// vocabulary are rounded in another order.
TEST_P(LanguageModelMetamorphic, RelabellingTheVocabularyPermutesItsRowsOnly) {
  const Index new_name[kV] = {3, 0, 6, 1, 5, 2, 4};
  LanguageModel<float> other(config());
  // A one-hot weight has a column for each token, the head and the embedding a row.
  const auto relabelled = [&](const std::string& name, const Array<double>& from) {
    Array<double> to = from;
    const bool rows = name.starts_with("head.") || name.starts_with("embedding.");
    const bool columns = GetParam().embedding_dim == 0 && name == "rnn.weight_ih_l0";
    for (Index r = 0; r < from.rows(); ++r) {
      for (Index c = 0; c < from.cols(); ++c)
        to(rows ? new_name[r] : r, columns ? new_name[c] : c) = from(r, c);
    }
    return to;
  };
  for (Index id = 0; id < model.parameters().count(); ++id) {
    const std::string& name = model.parameters().spec(id).name;
    set_value(other.parameters(), id, relabelled(name, value_of(model.parameters(), id)));
  }
  std::vector<TokenId> other_ids, other_targets;
  for (TokenId token : ids) other_ids.push_back(static_cast<TokenId>(new_name[token]));
  for (TokenId token : targets) other_targets.push_back(static_cast<TokenId>(new_name[token]));

  EXPECT_NEAR(loss_of(model, ids, targets), loss_of(other, other_ids, other_targets), 1e-6);
  for (Index id = 0; id < model.parameters().count(); ++id) {
    const std::string& name = model.parameters().spec(id).name;
    expect_near(gradient_of(other.parameters(), id), relabelled(name, gradient_of(model.parameters(), id)),
                1e-7, name);
  }
}

TEST_P(LanguageModelMetamorphic, DropoutIsOffUnlessAskedFor) {
  ModelConfig dropping = config();
  dropping.network.dropout = 0.5;
  LanguageModel<float> other(dropping);
  EXPECT_TRUE(same_bits(logits_of(other, ids, kT, kB), logits_of(model, ids, kT, kB)));

  StackState<float> state;
  other.make_state(kB, state);
  Rng rng(1, Rng::Purpose::kDropout);
  other.forward(ids.data(), kT, kB, state, Dropout::kDraw, &rng);
  EXPECT_TRUE(same_bits(logits_of(other, ids, kT, kB), logits_of(model, ids, kT, kB)));
}

TEST_P(LanguageModelMetamorphic, InitialisingAgainGivesTheFirstBits) {
  const Array<float> before = logits_of(model, ids, kT, kB);
  for (Index i = 0; i < model.parameters().values().size(); ++i) model.parameters().values()[i] = 0.5f;
  model.parameters().changed();
  EXPECT_FALSE(same_bits(logits_of(model, ids, kT, kB), before));
  model.initialise();
  EXPECT_TRUE(same_bits(logits_of(model, ids, kT, kB), before));
}

INSTANTIATE_TEST_SUITE_P(All, LanguageModelMetamorphic, ::testing::ValuesIn(all_cases()),
                         [](const auto& info) {
                           return std::string(cell<float>(info.param.cell).name) +
                                  (info.param.embedding_dim > 0 ? "_embedding" : "_one_hot");
                         });

}  // namespace
}  // namespace unroll::testing::language_model_metamorphic_test
