#include "unroll/model/state_dict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/expect_error.h"
#include "unroll/model/language_model.h"

namespace unroll::testing::state_dict_test {
namespace {

LanguageModel<float> a_model(std::uint64_t seed) {
  return LanguageModel<float>({.network = {.cell = CellKind::kGru, .hidden_size = 5, .seed = seed},
                               .vocab_size = 7,
                               .embedding_dim = 3});
}

TEST(StateDict, HasTorchsNamesAndShapes) {
  const LanguageModel<float> model = a_model(1);
  const std::vector<Tensor> tensors = export_values(model.parameters());
  const std::vector<std::pair<std::string, std::vector<Index>>> expected = {{"embedding.weight", {7, 3}},
                                                                            {"rnn.weight_ih_l0", {15, 3}},
                                                                            {"rnn.weight_hh_l0", {15, 5}},
                                                                            {"rnn.bias_ih_l0", {15}},
                                                                            {"rnn.bias_hh_l0", {15}},
                                                                            {"head.weight", {7, 5}},
                                                                            {"head.bias", {7}}};
  ASSERT_EQ(tensors.size(), expected.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    EXPECT_EQ(tensors[i].name, expected[i].first);
    EXPECT_EQ(tensors[i].shape, expected[i].second);
  }
}

TEST(StateDict, TravelsInAnyOrderAndArrivesWithTheSameBits) {
  const LanguageModel<float> from = a_model(1);
  LanguageModel<float> to = a_model(2);
  EXPECT_NE(fingerprint(from.parameters()), fingerprint(to.parameters()));
  std::vector<Tensor> tensors = export_values(from.parameters());
  std::reverse(tensors.begin(), tensors.end());
  const std::uint64_t version = to.parameters().version();
  import_values(tensors, to.parameters());
  EXPECT_GT(to.parameters().version(), version);
  EXPECT_EQ(fingerprint(from.parameters()), fingerprint(to.parameters()));
  for (Index i = 0; i < from.parameters().values().size(); ++i) {
    EXPECT_EQ(from.parameters().values()[i], to.parameters().values()[i]);
  }
}

template <class Damage>
void refuses(ErrorCode code, const std::string& part, Damage damage) {
  std::vector<Tensor> tensors = export_values(a_model(1).parameters());
  damage(tensors);
  LanguageModel<float> model = a_model(2);
  const std::uint64_t before = fingerprint(model.parameters());
  expect_error(code, part, [&] { import_values(tensors, model.parameters()); });
  EXPECT_EQ(fingerprint(model.parameters()), before) << "a failed import changes nothing";
}

TEST(StateDict, RefusesWhatDoesNotFitAndChangesNothing) {
  using Tensors = std::vector<Tensor>;
  refuses(ErrorCode::kMissingTensor, "\"head.bias\"", [](Tensors& t) { t.pop_back(); });
  refuses(ErrorCode::kMissingTensor, "\"rnn.bias_ih_l0\"", [](Tensors& t) { t[3].name = "rnn.bias"; });
  refuses(ErrorCode::kMissingTensor, "8 tensors", [](Tensors& t) { t.push_back(t.back()); });
  refuses(ErrorCode::kShapeMismatch, "(3, 7)", [](Tensors& t) { t[0].shape = {3, 7}; });
  refuses(ErrorCode::kShapeMismatch, "\"head.bias\"", [](Tensors& t) { t[6].data.pop_back(); });
  refuses(ErrorCode::kNotFinite, "\"head.bias\" is not finite at index 6",
          [](Tensors& t) { t[6].data[6] = std::numeric_limits<float>::infinity(); });
}

TEST(Fingerprint, IsFnv1aOfTheBytesInOrder) {
  Parameters<float> parameters;
  parameters.add(
      {.name = "p", .layout = {.kind = LayoutKind::kPanels, .rows = 3, .cols = 2, .block_rows = 3}});
  parameters.allocate();
  const float numbers[] = {0.0f, -0.0f, 1.5f, -2.0f, 1e-40f, 3e30f};
  pack(parameters.spec(0).layout, numbers, parameters.value(0));
  std::uint64_t hash = 14695981039346656037u;
  for (unsigned char byte : std::string(reinterpret_cast<const char*>(numbers), sizeof numbers)) {
    hash = (hash ^ byte) * 1099511628211u;
  }
  EXPECT_EQ(fingerprint(parameters), hash);
}

TEST(Fingerprint, SeesEveryBitButNotWhichNotANumberItIs) {
  LanguageModel<float> model = a_model(1);
  const std::uint64_t before = fingerprint(model.parameters());
  float& last = model.parameters().value(6)[6];
  const float kept = last;
  last = std::nextafter(last, 1.0f);
  EXPECT_NE(fingerprint(model.parameters()), before);
  last = kept;
  EXPECT_EQ(fingerprint(model.parameters()), before);
  last = std::numeric_limits<float>::quiet_NaN();
  const std::uint64_t nan = fingerprint(model.parameters());
  last = -last;
  EXPECT_EQ(fingerprint(model.parameters()), nan);
}

TEST(StateDict, ExportsGradientsLikeValues) {
  LanguageModel<float> model = a_model(1);
  const TokenId ids[] = {1, 2, 3, 4};
  StackState<float> state;
  model.make_state(2, state);
  model.loss_and_gradients(ids, ids, 2, 2, state);
  const std::vector<Tensor> gradients = export_gradients(model.parameters());
  ASSERT_EQ(gradients.size(), 7u);
  float sum = 0.0f;
  for (float g : gradients[6].data) sum += g;
  EXPECT_NEAR(sum, 0.0f, 1e-6f) << "softmax minus one-hot adds up to zero";
  EXPECT_EQ(gradients[0].data[0], 0.0f) << "token 0 does not occur";
  EXPECT_NE(gradients[0].data[3], 0.0f);
}

}  // namespace
}  // namespace unroll::testing::state_dict_test
