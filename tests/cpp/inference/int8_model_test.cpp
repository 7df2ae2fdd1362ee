#include "unroll/inference/int8_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "support/allocation_counter.h"
#include "support/language_model_case.h"
#include "support/language_trainer.h"
#include "support/random.h"
#include "unroll/inference/evaluation.h"
#include "unroll/inference/generator.h"
#include "unroll/inference/many_texts.h"
#include "unroll/model/state_dict.h"

namespace unroll::testing::int8_model_test {
namespace {

constexpr Index kV = 11;

/// The reading of one text as int8_model.h says it, from the tensors of a state_dict, number by number; the
/// cell is the model's.
class Naive {
 public:
  explicit Naive(const LanguageModel<float>& model)
      : config_(model.config()),
        cell_(cell<float>(config_.network.cell)),
        tensors_(export_values(model.parameters())) {
    const auto size = static_cast<std::size_t>(width());
    h_.assign(static_cast<std::size_t>(config_.network.num_layers), std::vector<float>(size));
    c_ = h_;
  }

  std::vector<float> step(TokenId token) {
    std::vector<float> x;
    if (config_.embedding_dim > 0) x = row(tensor("embedding.weight"), token);
    for (Index k = 0; k < config_.network.num_layers; ++k) x = step_layer(k, token, x);
    std::vector<float> logits = tensor("head.bias").data;
    for (Index j = 0; j < config_.vocab_size; ++j) add(row(tensor("head.weight"), j), x, logits[index(j)]);
    return logits;
  }

 private:
  static std::size_t index(Index i) { return static_cast<std::size_t>(i); }
  Index width() const { return padded(config_.network.hidden_size); }

  const Tensor& tensor(const std::string& name) const {
    for (const Tensor& tensor : tensors_) {
      if (tensor.name == name) return tensor;
    }
    throw std::runtime_error(name);
  }
  static std::vector<float> row(const Tensor& tensor, Index r) {
    const auto first = tensor.data.begin() + r * tensor.shape[1];
    return {first, first + tensor.shape[1]};
  }

  static float largest(const std::vector<float>& x) {
    float max = 0.0f;
    for (float value : x) max = std::max(max, std::fabs(value));
    return max;
  }
  static void add(const std::vector<float>& w, const std::vector<float>& x, float& y) {
    const float w_max = largest(w), x_max = largest(x);
    if (x_max == 0.0f) return;
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < w.size(); ++k) {
      sum += std::llrint(w[k] * (127.0f / w_max)) * std::llrint(x[k] * (16384.0f / x_max));
    }
    y += static_cast<float>(sum) * ((w_max / 127.0f) * (x_max / 16384.0f));
  }

  std::vector<float> step_layer(Index k, TokenId token, const std::vector<float>& x) {
    const std::string suffix = "_l" + std::to_string(k);
    const Tensor& weight_ih = tensor("rnn.weight_ih" + suffix);
    const Tensor& weight_hh = tensor("rnn.weight_hh" + suffix);
    const Index hidden = config_.network.hidden_size;
    std::vector<float>& state = h_[index(k)];
    const std::vector<float> h(state.begin(), state.begin() + hidden);
    std::vector<float> gates(index(cell_.slots * width()));
    for (Index n = 0; n < cell_.gates * hidden; ++n) {
      const auto gate = index(n / hidden);
      float& input = gates[index(cell_.input_slot[gate] * width() + n % hidden)];
      float& recurrent = gates[index(cell_.hidden_slot[gate] * width() + n % hidden)];
      input += tensor("rnn.bias_ih" + suffix).data[index(n)];
      recurrent += tensor("rnn.bias_hh" + suffix).data[index(n)];
      if (x.empty()) {
        input += weight_ih.data[index(n * config_.vocab_size + token)];
      } else {
        add(row(weight_ih, n), x, input);
      }
      add(row(weight_hh, n), h, recurrent);
    }
    std::vector<float> c_tanh(state.size()), h_previous = state, c_previous = c_[index(k)];
    cell_.forward({.rows = 1,
                   .width = width(),
                   .gates = gates.data(),
                   .h_previous = h_previous.data(),
                   .c_previous = c_previous.data(),
                   .c = c_[index(k)].data(),
                   .c_tanh = c_tanh.data(),
                   .h = state.data()});
    return {state.begin(), state.begin() + hidden};
  }

  const ModelConfig& config_;
  const Cell<float>& cell_;
  std::vector<Tensor> tensors_;
  std::vector<std::vector<float>> h_, c_;
};

class Int8 : public ::testing::TestWithParam<LanguageModelCase> {
 protected:
  std::shared_ptr<LanguageModel<float>> model_ = std::make_shared<LanguageModel<float>>(ModelConfig{
      .network = {.cell = GetParam().cell, .hidden_size = 13, .num_layers = GetParam().num_layers, .seed = 3},
      .vocab_size = kV,
      .embedding_dim = GetParam().embedding_dim});
};

TEST_P(Int8, IsTheNaiveReadingToTheBit) {
  const std::vector<TokenId> text = Random(1).tokens(40, kV);
  Int8Model copy(*model_);
  StackState<float> state;
  model_->make_state(1, state);
  Naive naive(*model_);
  for (TokenId token : text) {
    const std::vector<float> expected = naive.step(token);
    const float* logits = copy.forward(&token, 1, 1, state);
    ASSERT_EQ(std::vector<float>(logits, logits + kV), expected);
  }
}

TEST_P(Int8, ReadsManyTextsAsEachByItself) {
  const Index steps = 7, batch = 6;
  const std::vector<TokenId> ids = Random(2).tokens(steps * batch, kV);
  Int8Model copy(*model_);
  StackState<float> state, alone;
  model_->make_state(batch, state);
  const float* logits = copy.forward(ids.data(), steps, batch, state);
  const std::vector<float> together(logits, logits + steps * batch * padded(kV));
  for (Index b = 0; b < batch; ++b) {
    model_->make_state(1, alone);
    for (Index t = 0; t < steps; ++t) {
      const float* row = copy.forward(&ids[static_cast<std::size_t>(t * batch + b)], 1, 1, alone);
      const float* wanted = together.data() + (t * batch + b) * padded(kV);
      ASSERT_EQ(std::vector<float>(row, row + kV), std::vector<float>(wanted, wanted + kV));
    }
  }
}

TEST_P(Int8, IsCloseToTheModel) {
  const std::vector<TokenId> ids = Random(3).tokens(50, kV);
  Int8Model copy(*model_);
  StackState<float> a, b;
  model_->make_state(1, a);
  model_->make_state(1, b);
  const float* logits = model_->forward(ids.data(), 50, 1, a);
  const float* quantised = copy.forward(ids.data(), 50, 1, b);
  double distance = 0.0;
  for (Index i = 0; i < 50 * padded(kV); ++i)
    distance = std::max<double>(distance, std::fabs(logits[i] - quantised[i]));
  EXPECT_LT(distance, 0.02);
  EXPECT_GT(distance, 0.0);
}

TEST_P(Int8, FollowsTheModelsWeights) {
  const std::vector<TokenId> ids = Random(4).tokens(5, kV);
  const auto read = [&](Int8Model& copy) {
    StackState<float> state;
    model_->make_state(1, state);
    const float* logits = copy.forward(ids.data(), 5, 1, state);
    return std::vector<float>(logits, logits + 5 * padded(kV));
  };
  Int8Model copy(*model_);
  const std::vector<float> before = read(copy);
  AlignedBuffer<float>& values = model_->parameters().values();
  for (Index i = 0; i < values.size(); ++i) values[i] *= 1.5f;
  model_->parameters().changed();
  Int8Model fresh(*model_);
  EXPECT_EQ(read(copy), read(fresh));
  EXPECT_NE(read(copy), before);
}

TEST_P(Int8, WritesAloneAsWithOthersAndAsksForNoMemory) {
  const std::vector<TokenId> prompt = Random(5).tokens(300, kV);
  Generator generator(model_, prompt, {.temperature = 0.9}, 8, Precision::kInt8);
  std::vector<TokenId> alone = {generator.next().token};
  const std::uint64_t before = allocations();
  alone.reserve(30);
  for (int i = 1; i < 30; ++i) alone.push_back(generator.next().token);
  EXPECT_EQ(allocations(), before + 1);
  TextReader reader(*model_, Precision::kInt8);
  const std::uint64_t seeds[] = {1, 8, 3, 4, 5};
  const auto texts =
      write_texts(reader, std::vector(5, prompt), {.temperature = 0.9}, seeds, 30, StopStrings());
  EXPECT_EQ(texts[1].tokens, alone);
}

INSTANTIATE_TEST_SUITE_P(All, Int8, ::testing::ValuesIn(language_model_cases(3, 5)),
                         [](const auto& info) { return name_of(info.param); });

/// A text of words that come at random, so that a network that has learnt it is still uncertain.
std::u32string words(Index count) {
  const std::u32string known[] = {U"when ", U"the ", U"sea ", U"is ",   U"calm ",   U"every ",
                                  U"ship ", U"has ", U"a ",   U"good ", U"captain "};
  std::u32string text;
  Rng rng(1, Rng::Purpose::kTask);
  for (Index i = 0; i < count; ++i) text += known[rng.below(std::size(known))];
  return text;
}

class Int8Perplexity : public ::testing::TestWithParam<CellKind> {};

TEST_P(Int8Perplexity, OfATrainedModelIsClose) {
  LanguageTrainer trainer(
      {.network = {.cell = GetParam(), .hidden_size = 32, .num_layers = 2}, .embedding_dim = 8},
      {.batch_size = 16, .seq_len = 32, .optimizer = {.learning_rate = 5e-3}}, words(8000));
  for (int i = 0; i < 150; ++i) trainer.train_step();
  const auto tokens = trainer.tokens(Part::kValidation);
  const auto loss = [&](Precision precision) {
    Evaluation evaluation(trainer.model(), tokens, precision);
    while (evaluation.advance() > 0) {
    }
    return evaluation.loss_nats();
  };
  const double own = loss(Precision::kFloat32), quantised = loss(Precision::kInt8);
  // It has learnt: a word is one of eleven and its other letters follow.
  EXPECT_LT(own, 0.8);
  // The states of relu have no bound, and a small network of it feels the steps of its weights most.
  EXPECT_NEAR(std::exp(quantised) / std::exp(own), 1.0, GetParam() == CellKind::kRnnRelu ? 0.03 : 0.005);
  EXPECT_NE(quantised, own);
}

INSTANTIATE_TEST_SUITE_P(All, Int8Perplexity, ::testing::ValuesIn(kAllCells),
                         [](const auto& info) { return std::string(cell<float>(info.param).name); });

}  // namespace
}  // namespace unroll::testing::int8_model_test
