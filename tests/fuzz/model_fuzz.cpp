// Whatever the bytes: they are refused as a model with a known code, or the model that they are reads a text,
// writes one and is trained for a step, in float and in 8 bits: without a crash, and with no character that
// it has not.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cpp/support/language_trainer.h"
#include "fuzz/damage.h"
#include "fuzz/model_file.h"
#include "fuzz/require.h"
#include "unroll/inference/evaluation.h"
#include "unroll/inference/generator.h"
#include "unroll/model/state_dict.h"

namespace {

using namespace unroll;
using fuzz::Model;
using testing::LanguageTrainer;

constexpr TokenId kMostCharacters = 64;

/// What may only fail by saying that a number is not finite.
template <class Action>
void attempt(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kNotFinite);
  }
}

void read_and_write(const std::shared_ptr<Model>& model, std::span<const TokenId> tokens,
                    Precision precision) {
  attempt([&] {
    Evaluation evaluation(model, tokens, precision);
    while (evaluation.advance() > 0) continue;
  });
  const SamplingConfig ways[] = {{.greedy = true}, {}, {.temperature = 0.01, .top_k = 2}, {.top_p = 0.5}};
  for (const SamplingConfig& how : ways) {
    attempt([&] {
      Generator generator(model, tokens.first(2), how, 1, precision);
      for (int i = 0; i < 4; ++i) {
        const TokenId token = generator.next().token;
        require(token >= 0 && token < model->config().vocab_size);
      }
    });
  }
}

void train(const Model& model, std::u32string_view text) {
  const TrainConfig config{.batch_size = 2, .seq_len = 3, .split = {1.0, 0.0, 0.0}};
  LanguageTrainer trainer(model.config(), config, text);
  import_values(export_values(model.parameters()), trainer.model()->parameters());
  for (int i = 0; i < 2; ++i) attempt([&] { trainer.train_step(); });
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  return fuzz::damage(data, size, max_size, fuzz::whole_model(seed), seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::shared_ptr<Model> model;
  try {
    model = fuzz::load_model({data, size});
  } catch (const Error& error) {
    require(error.code() != ErrorCode::kInternal && error.code() != ErrorCode::kWrongState);
    return 0;
  }
  const auto vocab_size = static_cast<TokenId>(model->config().vocab_size);
  if (vocab_size > kMostCharacters) return 0;
  std::vector<TokenId> tokens;
  std::u32string text;
  for (TokenId i = 0; i < 2 * kMostCharacters; ++i) {
    tokens.push_back(i % vocab_size);
    text.push_back(U'a' + static_cast<char32_t>(i % vocab_size));
  }
  read_and_write(model, tokens, Precision::kFloat32);
  read_and_write(model, tokens, Precision::kInt8);
  train(*model, text);
  return 0;
}
