#include "unroll/model/sequence_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/expect_error.h"
#include "support/gradient_check.h"
#include "support/kinks.h"
#include "support/random.h"
#include "unroll/core/number_text.h"

namespace unroll::testing::sequence_model_test {
namespace {

constexpr Index kT = 5, kB = 4, kV = 7, kE = 3, kI = 2, kH = 3, kOut = 3;
constexpr Index kLengths[kB] = {2, 5, 1, 4};
constexpr Index kTotal = 2 + 5 + 1 + 4;

enum class Reads { kEmbedding, kOneHot, kVectors };
enum class Loss { kCrossEntropy, kSmoothed, kSquaredError };

struct Case {
  CellKind cell;
  Reads reads;
  Index num_layers;
  bool bidirectional;
  Readout readout;
  Loss loss;
};

std::string name_of(const Case& c) {
  const char* reads[] = {"embedding", "one_hot", "vectors"};
  const char* losses[] = {"cross_entropy", "smoothed", "squared_error"};
  return std::string(cell<double>(c.cell).name) + "_" + reads[static_cast<int>(c.reads)] + "_" +
         std::to_string(c.num_layers) + (c.bidirectional ? "_bi_" : "_uni_") +
         (c.readout == Readout::kLast ? "last_" : "steps_") + losses[static_cast<int>(c.loss)];
}

/// Every cell with every loss, readout and input; layers and directions take turns, and so does dropout.
std::vector<Case> all_cases() {
  std::vector<Case> cases;
  Index turn = 0;
  for (CellKind cell : kAllCells) {
    for (Reads reads : {Reads::kEmbedding, Reads::kOneHot, Reads::kVectors}) {
      for (Readout readout : {Readout::kLast, Readout::kSteps}) {
        for (Loss loss : {Loss::kCrossEntropy, Loss::kSmoothed, Loss::kSquaredError}) {
          cases.push_back({cell, reads, 1 + turn % 3, turn / 3 % 2 == 0, readout, loss});
          turn += turn % 7 == 0 ? 2 : 1;
        }
      }
    }
  }
  return cases;
}

SequenceModelConfig config_of(const Case& c, std::uint64_t seed) {
  const bool tokens = c.reads != Reads::kVectors;
  return {.network = {.cell = c.cell,
                      .hidden_size = kH,
                      .num_layers = c.num_layers,
                      .bidirectional = c.bidirectional,
                      .dropout = c.num_layers > 1 ? 0.4 : 0.0,
                      .seed = seed},
          .vocab_size = tokens ? kV : 0,
          .embedding_dim = c.reads == Reads::kEmbedding ? kE : 0,
          .input_size = tokens ? 0 : kI,
          .output_size = kOut,
          .readout = c.readout};
}

/// A model with a ragged batch, some of which does not count, and one draw of dropout masks for all passes.
template <class S>
class Setting {
 public:
  Setting(const SequenceModelConfig& config, Loss loss, std::uint64_t seed) : model(config), loss_(loss) {
    Random random(seed);
    ids = random.tokens(kT * kB, kV);
    x = random.array<S>(kT * kB, kI);
    classes = random.tokens(kT * kB, kOut);
    values = random.array<S>(kT * kB, kOut);
    for (Index i = 0; i < kT * kB; ++i) weights.push_back(static_cast<float>(random.uniform(0.25, 2.0)));
    classes[2] = -100;
    weights[1] = 0.0f;
    Rng rng(seed, Rng::Purpose::kDropout);
    model.forward(batch(), Dropout::kDraw, &rng, nullptr);
  }

  typename SequenceModel<S>::Batch batch() const {
    return {.seq_len = kT, .batch_size = kB, .ids = ids.data(), .x = x.data(), .lengths = kLengths};
  }

  double loss_and_gradients() {
    model.forward(batch(), Dropout::kKeep, nullptr, nullptr);
    const RowWeights counts{.weights = answer_weights()};
    if (loss_ == Loss::kSquaredError) return model.squared_error_and_gradients(values.data(), counts);
    return model.cross_entropy_and_gradients(classes.data(), options());
  }

  double loss() {
    model.forward(batch(), Dropout::kKeep, nullptr, nullptr);
    const RowWeights counts{.weights = answer_weights()};
    if (loss_ == Loss::kSquaredError) return model.squared_error(values.data(), counts);
    return model.cross_entropy(classes.data(), options());
  }

  SequenceModel<S> model;
  std::vector<TokenId> ids;
  Array<S> x;
  std::vector<TokenId> classes;
  Array<S> values;
  std::vector<float> weights;

 private:
  std::span<const float> answer_weights() const {
    return std::span(weights).first(static_cast<std::size_t>(model.answers(batch())));
  }
  CrossEntropyOptions options() const {
    return {.label_smoothing = loss_ == Loss::kSmoothed ? 0.2 : 0.0,
            .weights = {.weights = answer_weights()}};
  }

  Loss loss_;
};

std::uint64_t smooth_seed_of(const Case& c) {
  return smooth_seed([&](std::uint64_t seed) {
    Setting<double> setting(config_of(c, seed), c.loss, seed);
    setting.loss();
    return distance_to_kink(setting.model.stack(), kTotal);
  });
}

class SequenceModelGradient : public ::testing::TestWithParam<Case> {};

TEST_P(SequenceModelGradient, AgreesWithCentralDifferences) {
  const std::uint64_t seed = smooth_seed_of(GetParam());
  Setting<double> setting(config_of(GetParam(), seed), GetParam().loss, seed);
  EXPECT_EQ(setting.loss_and_gradients(), setting.loss());
  GradientCheck check;
  check_parameters(setting.model.parameters(), check, [&] { return setting.loss(); });
  EXPECT_EQ(check.compared, setting.model.parameters().size());
  EXPECT_LE(check.worst, kGradientTolerance);
  RecordProperty("worst_error", number_text(check.worst));
}

INSTANTIATE_TEST_SUITE_P(All, SequenceModelGradient, ::testing::ValuesIn(all_cases()),
                         [](const auto& info) { return name_of(info.param); });

constexpr Case kTagger = {CellKind::kGru, Reads::kEmbedding, 2, true, Readout::kSteps, Loss::kCrossEntropy};
constexpr Case kClassifier = {CellKind::kLstm, Reads::kEmbedding,  2, true,
                              Readout::kLast,  Loss::kCrossEntropy};

TEST(SequenceModel, AnswersEachSequenceAsIfItWereAlone) {
  for (const Case& c : {kTagger, kClassifier}) {
    Setting<float> setting(config_of(c, 6), c.loss, 6);
    auto& model = setting.model;
    const Index answers = model.answers(setting.batch());
    std::vector<float> together(static_cast<std::size_t>(answers * kOut));
    model.forward(setting.batch(), Dropout::kOff, nullptr, together.data());
    for (Index b = 0; b < kB; ++b) {
      std::vector<TokenId> own;
      for (Index t = 0; t < kLengths[b]; ++t)
        own.push_back(setting.ids[static_cast<std::size_t>(t * kB + b)]);
      const SequenceModel<float>::Batch alone{.seq_len = kLengths[b], .batch_size = 1, .ids = own.data()};
      std::vector<float> out(static_cast<std::size_t>(model.answers(alone) * kOut));
      model.forward(alone, Dropout::kOff, nullptr, out.data());
      for (Index t = 0; t < model.answers(alone); ++t) {
        const Index place = c.readout == Readout::kLast ? b : t * kB + b;
        for (Index j = 0; j < kOut; ++j) {
          EXPECT_EQ(out[static_cast<std::size_t>(t * kOut + j)],
                    together[static_cast<std::size_t>(place * kOut + j)]);
        }
      }
    }
    if (c.readout == Readout::kLast) continue;
    for (Index t = 0; t < kT; ++t) {
      for (Index b = 0; b < kB; ++b) {
        if (t < kLengths[b]) continue;
        EXPECT_EQ(together[static_cast<std::size_t>((t * kB + b) * kOut)], 0.0f);
      }
    }
  }
}

TEST(SequenceModel, TheHeadReadsTheFinalStatesOfTheLastLayer) {
  Setting<float> setting(config_of(kClassifier, 7), kClassifier.loss, 7);
  setting.model.forward(setting.batch(), Dropout::kOff, nullptr, nullptr);
  std::vector<float> features(kB * 2 * kH), h_n(4 * kB * kH);
  setting.model.copy_features(features.data());
  setting.model.copy_final_h(h_n.data());
  for (std::size_t b = 0; b < kB; ++b) {
    for (std::size_t j = 0; j < kH; ++j) {
      EXPECT_EQ(features[b * 2 * kH + j], h_n[(2 * kB + b) * kH + j]);
      EXPECT_EQ(features[b * 2 * kH + kH + j], h_n[(3 * kB + b) * kH + j]);
    }
  }
}

TEST(SequenceModel, ThePaddingTokenIsReadButNotTaught) {
  SequenceModelConfig config = config_of(kClassifier, 8);
  config.padding_idx = 2;
  Setting<float> setting(config, kClassifier.loss, 8);
  setting.ids[1] = 2;  // inside of the longest sequence
  setting.loss_and_gradients();
  const float* gradient = setting.model.parameters().gradient(0);
  for (Index j = 0; j < padded(kE); ++j) EXPECT_EQ(gradient[2 * padded(kE) + j], 0.0f);
  const double before = setting.loss();
  setting.model.parameters().value(0)[2 * padded(kE)] += 1.0f;
  setting.model.parameters().changed();
  EXPECT_NE(setting.loss(), before);
}

TEST(SequenceModel, RefusesWhatItCannotRead) {
  using enum ErrorCode;
  const auto make = [](auto change) {
    return [change] {
      SequenceModelConfig config = config_of(kClassifier, 1);
      change(config);
      SequenceModel<float> model(config);
    };
  };
  expect_error(kInvalidConfig, "vocab_size", make([](auto& c) { c.input_size = 2; }));
  expect_error(kInvalidConfig, "vocab_size", make([](auto& c) { c.vocab_size = 0; }));
  expect_error(kInvalidConfig, "padding_idx is 7", make([](auto& c) { c.padding_idx = kV; }));
  expect_error(kInvalidConfig, "output_size is 0", make([](auto& c) { c.output_size = 0; }));
  expect_error(kInvalidConfig, "hidden_size is 0", make([](auto& c) { c.network.hidden_size = 0; }));
  expect_error(kInvalidConfig, "embedding_dim is -1", make([](auto& c) { c.embedding_dim = -1; }));
  expect_error(kTooBig, "parameters", make([](auto& c) {
                 c.network.hidden_size = 1024;
                 c.network.num_layers = 8;
               }));

  Setting<float> setting(config_of(kClassifier, 1), Loss::kCrossEntropy, 1);
  setting.loss();
  expect_error(kWrongState, "forward()", [&] { setting.model.cross_entropy(setting.classes.data(), {}); });
  const Index wrong[] = {2, 6, 1, 4};
  auto batch = setting.batch();
  batch.lengths = wrong;
  expect_error(kInvalidArgument, "lengths[1] is 6",
               [&] { setting.model.forward(batch, Dropout::kOff, nullptr, nullptr); });
}

}  // namespace
}  // namespace unroll::testing::sequence_model_test
