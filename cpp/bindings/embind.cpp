#include <emscripten/bind.h>
#include <emscripten/emscripten.h>
#include <emscripten/heap.h>
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "unroll/core/build_info.h"
#include "unroll/core/error.h"
#include "unroll/io/safetensors.h"
#include "unroll/math/peak.h"
#include "unroll/model/generator.h"
#include "unroll/model/rnn.h"
#include "unroll/model/state_dict.h"
#include "unroll/model/trainer.h"
#include "unroll/nn/clipping.h"
#include "unroll/text/ngram_baseline.h"
#include "unroll/text/utf8.h"

/// The engine as JavaScript sees it: few coarse calls, plain data, no exceptions.
///
/// Every call that can fail returns {ok: true, value} or {ok: false, code, message}. What comes in is checked
/// here as if it came from an enemy, because embind itself turns NaN into 0 and 3.7 into 3 without a word.
/// What goes out is a copy; nothing in JavaScript ever looks into wasm memory.
namespace {

using emscripten::val;
using unroll::Error;
using unroll::ErrorCode;
using unroll::Index;
using unroll::TokenId;

// ---------------------------------------------------------------------------------------------- results

val object() {
  return val::object();
}

val success(val value) {
  val result = object();
  result.set("ok", true);
  result.set("value", value);
  return result;
}

val failure(ErrorCode code, const std::string& message) {
  val result = object();
  result.set("ok", false);
  result.set("code", std::string(unroll::to_string(code)));
  result.set("message", message);
  return result;
}

template <class Action>
val attempt(Action&& action) {
  try {
    return success(action());
  } catch (const Error& e) {
    return failure(e.code(), e.what());
  } catch (const std::bad_alloc&) {
    return failure(
        ErrorCode::kOutOfMemory,
        "the engine: there is not enough memory for this; choose a smaller model, batch or sequence length");
  } catch (const std::exception& e) {
    return failure(ErrorCode::kInternal, e.what());
  }
}

// ---------------------------------------------------------------------------------------------- arrays out

template <class T>
val copy_out(const T* data, std::size_t size) {
  return val(emscripten::typed_memory_view(size, data)).template call<val>("slice");
}

template <class T>
val copy_out(const std::vector<T>& values) {
  return copy_out(values.data(), values.size());
}

val bytes_out(const std::string& bytes) {
  return copy_out(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

template <class T>
val list_out(const std::vector<T>& values) {
  val list = val::array();
  for (const T& value : values) list.call<void>("push", val(value));
  return list;
}

val shape_out(const std::vector<Index>& shape) {
  return list_out(std::vector<double>(shape.begin(), shape.end()));
}

val tensors_out(const std::vector<unroll::Tensor>& tensors) {
  val list = val::array();
  for (const unroll::Tensor& tensor : tensors) {
    val entry = object();
    entry.set("name", tensor.name);
    entry.set("shape", shape_out(tensor.shape));
    entry.set("data", copy_out(tensor.data));
    list.call<void>("push", entry);
  }
  return list;
}

val parameters_out(const unroll::Parameters<float>& parameters) {
  val list = val::array();
  for (Index id = 0; id < parameters.count(); ++id) {
    const auto& [name, layout, bound] = parameters.spec(id);
    val entry = object();
    entry.set("name", name);
    entry.set("shape", layout.cols == 0 ? shape_out({layout.rows}) : shape_out({layout.rows, layout.cols}));
    list.call<void>("push", entry);
  }
  return list;
}

// ---------------------------------------------------------------------------------------------- values in

[[noreturn]] void reject(const char* who, const std::string& field, const val& got, const char* expected) {
  const std::string shown = got.isUndefined() ? "missing" : val::global("String")(got).as<std::string>();
  throw Error(ErrorCode::kInvalidArgument,
              std::string(who) + ": " + field + " is " + shown + ", expected " + expected);
}

double number_in(const char* who, const std::string& field, const val& value) {
  if (!value.isNumber()) reject(who, field, value, "a number");
  return value.as<double>();
}

/// A whole number that fits an Index; ranges are checked by the engine.
Index whole_in(const char* who, const std::string& field, const val& value) {
  const double number = number_in(who, field, value);
  if (!(std::abs(number) <= 2147483647.0) || number != std::floor(number))
    reject(who, field, value, "a whole number");
  return static_cast<Index>(number);
}

/// Reads the fields of a configuration object; a field that is undefined keeps its default.
class Fields {
 public:
  Fields(const char* who, const val& object) : who_(who), object_(object) {
    if (object.isUndefined() || object.isNull() || object.typeOf().as<std::string>() != "object") {
      reject(who, "the configuration", object, "an object");
    }
  }

  void read(const char* field, double& target) const {
    const val value = object_[field];
    if (!value.isUndefined()) target = number_in(who_, field, value);
  }
  void read(const char* field, Index& target) const {
    const val value = object_[field];
    if (!value.isUndefined()) target = whole_in(who_, field, value);
  }
  void read(const char* field, bool& target) const {
    const val value = object_[field];
    if (value.isUndefined()) return;
    if (!value.isTrue() && !value.isFalse()) reject(who_, field, value, "true or false");
    target = value.isTrue();
  }
  void read_seed(const char* field, std::uint64_t& target) const {
    const val value = object_[field];
    if (value.isUndefined()) return;
    const double number = number_in(who_, field, value);
    if (!(number >= 0.0 && number <= unroll::kMaxSeed) || number != std::floor(number)) {
      reject(who_, field, value, "a whole number from 0 to 2^53 - 1");
    }
    target = static_cast<std::uint64_t>(number);
  }
  void read(const char* field, unroll::CellKind& target) const {
    const val value = object_[field];
    if (value.isUndefined()) return;
    const auto kind = value.isString() ? unroll::cell_kind(value.as<std::string>()) : std::nullopt;
    if (!kind) reject(who_, field, value, "lstm, gru, rnn_tanh or rnn_relu");
    target = *kind;
  }
  val get(const char* field) const { return object_[field]; }
  const char* who() const { return who_; }

 private:
  const char* who_;
  val object_;
};

/// The elements of a typed array of exactly the class `type`.
template <class T>
std::vector<T> array_in(const char* who, const char* field, const val& value, const char* type) {
  if (value.isNull() || value.isUndefined() || !value.instanceof (val::global(type)))
    reject(who, field, value, type);
  return emscripten::convertJSArrayToNumberVector<T>(value);
}

template <class T>
std::vector<T> array_in(const char* who, const char* field, const val& value, const char* type,
                        std::size_t size) {
  std::vector<T> array = array_in<T>(who, field, value, type);
  if (array.size() != size) {
    throw Error(ErrorCode::kShapeMismatch, std::string(who) + ": " + field + " has " +
                                               std::to_string(array.size()) + " numbers, expected " +
                                               std::to_string(size));
  }
  return array;
}

/// Null and undefined stand for "not given".
template <class T>
std::vector<T> optional_array_in(const char* who, const char* field, const val& value, const char* type,
                                 std::size_t size) {
  if (value.isNull() || value.isUndefined()) return {};
  return array_in<T>(who, field, value, type, size);
}

template <class T>
const T* data_or_null(const std::vector<T>& values) {
  return values.empty() ? nullptr : values.data();
}

std::u32string text_in(const char* who, const char* field, const val& value) {
  return unroll::decode_utf8(array_in<std::uint8_t>(who, field, value, "Uint8Array"));
}

std::vector<unroll::Tensor> tensors_in(const char* who, const val& list) {
  std::vector<unroll::Tensor> tensors;
  if (!list.isArray()) reject(who, "tensors", list, "an array of {name, shape, data}");
  const auto count = list["length"].as<unsigned>();
  for (unsigned i = 0; i < count; ++i) {
    const val entry = list[i];
    const Fields fields(who, entry);
    if (!fields.get("name").isString()) reject(who, "a tensor's name", fields.get("name"), "a string");
    unroll::Tensor tensor{fields.get("name").as<std::string>(), {}, {}};
    const val shape = fields.get("shape");
    if (!shape.isArray()) reject(who, tensor.name + ".shape", shape, "an array of numbers");
    const auto rank = shape["length"].as<unsigned>();
    for (unsigned d = 0; d < rank; ++d)
      tensor.shape.push_back(whole_in(who, tensor.name + ".shape", shape[d]));
    tensor.data = array_in<float>(who, tensor.name.c_str(), fields.get("data"), "Float32Array");
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

unroll::OptimizerConfig optimizer_in(const val& object) {
  const Fields fields("OptimizerConfig", object);
  const val kind_name = fields.get("kind");
  const auto kind = kind_name.isString() ? unroll::optimizer_kind(kind_name.as<std::string>()) : std::nullopt;
  if (!kind) reject("OptimizerConfig", "kind", kind_name, "sgd, rmsprop, adagrad, adam or adamw");
  unroll::OptimizerConfig config = unroll::OptimizerConfig::defaults(*kind);
  fields.read("learningRate", config.learning_rate);
  fields.read("weightDecay", config.weight_decay);
  fields.read("momentum", config.momentum);
  fields.read("nesterov", config.nesterov);
  fields.read("beta1", config.beta1);
  fields.read("beta2", config.beta2);
  fields.read("alpha", config.alpha);
  fields.read("eps", config.eps);
  unroll::validate(config);
  return config;
}

unroll::ModelConfig model_in(const Fields& fields) {
  unroll::ModelConfig config;
  fields.read("cell", config.cell);
  fields.read("vocabSize", config.vocab_size);
  fields.read("hiddenSize", config.hidden_size);
  fields.read("numLayers", config.num_layers);
  fields.read("embeddingDim", config.embedding_dim);
  fields.read("dropout", config.dropout);
  fields.read("forgetBias", config.forget_bias);
  fields.read_seed("seed", config.seed);
  return config;
}

unroll::TrainConfig train_in(const Fields& fields) {
  unroll::TrainConfig config;
  fields.read("batchSize", config.batch_size);
  fields.read("seqLen", config.seq_len);
  fields.read("clipNorm", config.clip_norm);
  const val optimizer = fields.get("optimizer");
  if (!optimizer.isUndefined()) config.optimizer = optimizer_in(optimizer);
  const val split = fields.get("split");
  if (!split.isUndefined()) {
    if (!split.isArray() || split["length"].as<unsigned>() != 3) {
      reject(fields.who(), "split", split, "three fractions: training, validation, test");
    }
    config.split = {.train = number_in(fields.who(), "split", split[0]),
                    .validation = number_in(fields.who(), "split", split[1]),
                    .test = number_in(fields.who(), "split", split[2])};
  }
  return config;
}

void read_state(const char* who, const val& h_0, const val& c_0, Index batch_size, Index hidden_size,
                unroll::StackState<float>& state) {
  const auto fill = [&](const char* field, const val& value,
                        std::vector<unroll::AlignedBuffer<float>>& buffers) {
    const auto size = buffers.size() * static_cast<std::size_t>(batch_size * hidden_size);
    const std::vector<float> given = optional_array_in<float>(who, field, value, "Float32Array", size);
    if (given.empty()) return;
    const float* from = given.data();
    for (auto& buffer : buffers) {
      for (Index b = 0; b < batch_size; ++b, from += hidden_size) {
        std::copy_n(from, hidden_size, buffer.data() + b * unroll::padded(hidden_size));
      }
    }
  };
  fill("h0", h_0, state.h);
  fill("c0", c_0, state.c);
}

val state_out(const std::vector<unroll::AlignedBuffer<float>>& buffers, Index batch_size, Index hidden_size) {
  if (buffers.empty()) return val::null();
  std::vector<float> dense;
  for (const auto& buffer : buffers) {
    for (Index b = 0; b < batch_size; ++b) {
      const float* row = buffer.data() + b * unroll::padded(hidden_size);
      dense.insert(dense.end(), row, row + hidden_size);
    }
  }
  return copy_out(dense);
}

// ---------------------------------------------------------------------------------------------- handles

/// Counts the handles that JavaScript has not deleted yet.
struct Counted {
  Counted() { ++alive; }
  Counted(const Counted&) = delete;
  ~Counted() { --alive; }
  static inline int alive = 0;
};

class RnnHandle : Counted {
 public:
  explicit RnnHandle(const unroll::RnnConfig& config)
      : rnn_(config), rng_(config.seed, unroll::Rng::Purpose::kDropout) {}

  val parameters() const { return parameters_out(rnn_.parameters()); }
  val export_tensors() const {
    return attempt([&] { return tensors_out(unroll::export_values(rnn_.parameters())); });
  }
  val import_tensors(const val& tensors) {
    return attempt([&] {
      unroll::import_values(tensors_in("Rnn", tensors), rnn_.parameters());
      return val::null();
    });
  }

  val forward(const val& x, double seq_len, double batch_size, const val& h_0, const val& c_0,
              const val& lengths, bool training) {
    return attempt([&] {
      const Index t = whole_in("Rnn.forward", "seqLen", val(seq_len));
      const Index b = whole_in("Rnn.forward", "batchSize", val(batch_size));
      if (t < 1 || t > unroll::kMaxSeqLen) reject("Rnn.forward", "seqLen", val(seq_len), "1 to 4096");
      if (b < 1 || b > unroll::kMaxBatchSize)
        reject("Rnn.forward", "batchSize", val(batch_size), "1 to 1024");
      const auto rows = static_cast<std::size_t>(t * b);
      const std::size_t states = state_size(b);
      const auto xs = array_in<float>("Rnn.forward", "x", x, "Float32Array",
                                      rows * static_cast<std::size_t>(rnn_.config().input_size));
      const auto h = optional_array_in<float>("Rnn.forward", "h0", h_0, "Float32Array", states);
      const auto c = optional_array_in<float>("Rnn.forward", "c0", c_0, "Float32Array", states);
      const auto given = optional_array_in<std::int32_t>("Rnn.forward", "lengths", lengths, "Int32Array",
                                                         static_cast<std::size_t>(b));
      const std::vector<Index> ends(given.begin(), given.end());
      unroll::check_window(rnn_.config(), b, t);
      std::vector<float> output(rows * static_cast<std::size_t>(rnn_.output_size()));
      std::vector<float> h_n(states);
      std::vector<float> c_n(rnn_.has_cell_state() ? states : 0);
      rnn_.forward({.seq_len = t,
                    .batch_size = b,
                    .x = xs.data(),
                    .h_0 = data_or_null(h),
                    .c_0 = data_or_null(c),
                    .lengths = ends},
                   dropout(training), &rng_, output.data(), h_n.data(), c_n.data());
      if (training) has_masks_ = false;  // given masks are for one pass
      seq_len_ = t;
      batch_size_ = b;
      val result = object();
      result.set("output", copy_out(output));
      result.set("hN", copy_out(h_n));
      result.set("cN", rnn_.has_cell_state() ? copy_out(c_n) : val::null());
      return result;
    });
  }

  val set_masks(const val& masks, double seq_len, double batch_size) {
    return attempt([&] {
      if (!masks.isArray())
        reject("Rnn.setMasks", "masks", masks, "an array with a mask for each layer but the last");
      const Index t = whole_in("Rnn.setMasks", "seqLen", val(seq_len));
      const Index b = whole_in("Rnn.setMasks", "batchSize", val(batch_size));
      if (t < 1 || t > unroll::kMaxSeqLen) reject("Rnn.setMasks", "seqLen", val(seq_len), "1 to 4096");
      if (b < 1 || b > unroll::kMaxBatchSize)
        reject("Rnn.setMasks", "batchSize", val(batch_size), "1 to 1024");
      unroll::check_window(rnn_.config(), b, t);
      const auto count = masks["length"].as<unsigned>();
      if (static_cast<Index>(count) != rnn_.config().num_layers - 1) {
        reject("Rnn.setMasks", "masks", masks, "an array with a mask for each layer but the last");
      }
      std::vector<std::vector<float>> given;
      std::vector<const float*> pointers;
      for (unsigned i = 0; i < count; ++i) {
        given.push_back(array_in<float>("Rnn.setMasks", "a mask", masks[i], "Float32Array",
                                        static_cast<std::size_t>(t * b * rnn_.output_size())));
      }
      for (const auto& mask : given) pointers.push_back(mask.data());
      rnn_.set_masks(t, b, pointers);
      has_masks_ = true;
      return val::null();
    });
  }

  val backward(const val& g_output, const val& g_h_n, const val& g_c_n) {
    return attempt([&] {
      const auto rows = static_cast<std::size_t>(seq_len_ * batch_size_);
      const std::size_t states = state_size(batch_size_);
      const auto g_out = optional_array_in<float>("Rnn.backward", "output", g_output, "Float32Array",
                                                  rows * static_cast<std::size_t>(rnn_.output_size()));
      const auto g_h = optional_array_in<float>("Rnn.backward", "hN", g_h_n, "Float32Array", states);
      const auto g_c = optional_array_in<float>("Rnn.backward", "cN", g_c_n, "Float32Array", states);
      std::vector<float> d_x(rows * static_cast<std::size_t>(rnn_.config().input_size));
      std::vector<float> d_h(states);
      std::vector<float> d_c(rnn_.has_cell_state() ? states : 0);
      rnn_.backward(data_or_null(g_out), data_or_null(g_h), data_or_null(g_c), d_x.data(), d_h.data(),
                    d_c.data());
      val result = object();
      result.set("x", copy_out(d_x));
      result.set("h0", copy_out(d_h));
      result.set("c0", rnn_.has_cell_state() ? copy_out(d_c) : val::null());
      result.set("gradients", tensors_out(unroll::export_gradients(rnn_.parameters())));
      return result;
    });
  }

 private:
  std::size_t state_size(Index batch_size) const {
    return static_cast<std::size_t>(rnn_.config().num_layers * rnn_.directions() * batch_size *
                                    rnn_.config().hidden_size);
  }
  unroll::Dropout dropout(bool training) const {
    if (!training) return unroll::Dropout::kOff;
    return has_masks_ ? unroll::Dropout::kKeep : unroll::Dropout::kDraw;
  }

  unroll::Rnn<float> rnn_;
  unroll::Rng rng_;
  Index seq_len_ = 0;
  Index batch_size_ = 0;
  bool has_masks_ = false;
};

class GeneratorHandle : Counted {
 public:
  GeneratorHandle(unroll::Generator generator, std::shared_ptr<const unroll::Vocabulary> vocabulary)
      : generator_(std::move(generator)), vocabulary_(std::move(vocabulary)) {}

  val next(double count) {
    return attempt([&] {
      const Index wanted = whole_in("Generator.next", "count", val(count));
      if (wanted < 0 || wanted > 1'000'000) reject("Generator.next", "count", val(count), "0 to 1000000");
      std::vector<TokenId> tokens;
      std::vector<float> log_probs;
      for (Index i = 0; i < wanted; ++i) {
        const auto [token, log_prob] = generator_.next();
        tokens.push_back(token);
        log_probs.push_back(log_prob);
      }
      val result = object();
      result.set("text", bytes_out(unroll::encode_utf8(vocabulary_->decode(tokens))));
      result.set("logProbs", copy_out(log_probs));
      return result;
    });
  }

 private:
  unroll::Generator generator_;
  std::shared_ptr<const unroll::Vocabulary> vocabulary_;
};

class LanguageModelHandle : Counted {
 public:
  LanguageModelHandle(std::shared_ptr<unroll::LanguageModel<float>> model,
                      std::shared_ptr<const unroll::Vocabulary> vocabulary)
      : model_(std::move(model)), vocabulary_(std::move(vocabulary)) {}

  double parameter_count() const { return static_cast<double>(model_->parameters().size()); }
  val parameters() const { return parameters_out(model_->parameters()); }

  val vocabulary() const {
    const std::u32string& characters = vocabulary_->characters();
    return copy_out(std::vector<std::uint32_t>(characters.begin(), characters.end()));
  }

  val config() const {
    const unroll::ModelConfig& config = model_->config();
    val result = object();
    result.set("cell", std::string(unroll::cell<float>(config.cell).name));
    result.set("hiddenSize", static_cast<double>(config.hidden_size));
    result.set("numLayers", static_cast<double>(config.num_layers));
    result.set("embeddingDim", static_cast<double>(config.embedding_dim));
    result.set("dropout", config.dropout);
    result.set("forgetBias", config.forget_bias);
    result.set("seed", static_cast<double>(config.seed));
    return result;
  }

  val export_tensors() const {
    return attempt([&] { return tensors_out(unroll::export_values(model_->parameters())); });
  }
  val import_tensors(const val& tensors) {
    return attempt([&] {
      unroll::import_values(tensors_in("LanguageModel", tensors), model_->parameters());
      return val::null();
    });
  }

  std::string fingerprint() const {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx",
                  static_cast<unsigned long long>(unroll::fingerprint(model_->parameters())));
    return text;
  }

  val create_generator(const val& request) {
    return attempt([&] {
      const Fields fields("Generator", request);
      unroll::SamplingConfig sampling;
      std::uint64_t seed = 1;
      fields.read("temperature", sampling.temperature);
      fields.read("greedy", sampling.greedy);
      fields.read("topK", sampling.top_k);
      fields.read("topP", sampling.top_p);
      fields.read_seed("seed", seed);
      const std::u32string prompt = text_in("Generator", "prompt", fields.get("prompt"));
      const std::vector<TokenId> tokens = vocabulary_->encode(prompt);
      return val(
          std::make_shared<GeneratorHandle>(unroll::Generator(model_, tokens, sampling, seed), vocabulary_));
    });
  }

  val evaluate_text(const val& text) {
    return attempt([&] {
      const std::vector<TokenId> tokens =
          vocabulary_->encode(text_in("LanguageModel.evaluateText", "text", text));
      unroll::Evaluation evaluation(model_, tokens);
      std::vector<float> log_probs;
      double piece[unroll::Evaluation::kPiece];
      while (const Index count = evaluation.advance(piece))
        log_probs.insert(log_probs.end(), piece, piece + count);
      val result = evaluation_out(evaluation);
      result.set("perplexity", std::exp(evaluation.loss_nats()));
      result.set("logProbs", copy_out(log_probs));
      return result;
    });
  }

  val loss_and_gradients(const val& ids, const val& targets, double seq_len, double batch_size,
                         const val& h_0, const val& c_0) {
    return attempt([&] {
      const char* who = "LanguageModel.lossAndGradients";
      const Index t = whole_in(who, "seqLen", val(seq_len));
      const Index b = whole_in(who, "batchSize", val(batch_size));
      if (t < 1 || t > unroll::kMaxSeqLen) reject(who, "seqLen", val(seq_len), "1 to 4096");
      if (b < 1 || b > unroll::kMaxBatchSize) reject(who, "batchSize", val(batch_size), "1 to 1024");
      unroll::check_window(model_->config(), b, t);
      const std::vector<TokenId> inputs = tokens_in(who, "ids", ids, t * b);
      const std::vector<TokenId> wanted = tokens_in(who, "targets", targets, t * b);
      const unroll::ModelConfig& config = model_->config();
      unroll::StackState<float> state;
      model_->make_state(b, state);
      read_state(who, h_0, c_0, b, config.hidden_size, state);
      unroll::StackState<float> initial = state;
      const float* rows = model_->forward(inputs.data(), t, b, initial);
      std::vector<float> logits;
      for (Index r = 0; r < t * b; ++r, rows += unroll::padded(config.vocab_size)) {
        logits.insert(logits.end(), rows, rows + config.vocab_size);
      }
      const double loss = model_->loss_and_gradients(inputs.data(), wanted.data(), t, b, state);
      val result = object();
      result.set("loss", loss);
      result.set("logits", copy_out(logits));
      result.set("hN", state_out(state.h, b, config.hidden_size));
      result.set("cN", state_out(state.c, b, config.hidden_size));
      result.set("gradients", tensors_out(unroll::export_gradients(model_->parameters())));
      return result;
    });
  }

  val configure_optimizer(const val& config) {
    return attempt([&] {
      const unroll::OptimizerConfig wanted = optimizer_in(config);
      if (optimizer_) {
        optimizer_->configure(wanted);
      } else {
        optimizer_ = std::make_unique<unroll::Optimizer<float>>(wanted);
      }
      return val::null();
    });
  }

  val apply_gradients(double clip_norm, double clip_value) {
    return attempt([&] {
      if (!optimizer_) {
        throw Error(ErrorCode::kWrongState, "LanguageModel.applyGradients: call configureOptimizer() first");
      }
      const double norm = unroll::gradient_norm(model_->parameters());
      if (clip_value > 0.0) unroll::clip_values(model_->parameters(), clip_value);
      optimizer_->update(model_->parameters(), unroll::clip_coefficient(norm, clip_norm));
      val result = object();
      result.set("gradNorm", norm);
      return result;
    });
  }

  val optimizer_state() const {
    return attempt([&] {
      if (!optimizer_) return val::array();
      return tensors_out(unroll::export_moments(model_->parameters(), *optimizer_));
    });
  }

  static val evaluation_out(const unroll::Evaluation& evaluation) {
    val result = object();
    result.set("done", evaluation.done());
    result.set("positions", static_cast<double>(evaluation.positions()));
    result.set("lossNats", evaluation.loss_nats());
    result.set("bitsPerChar", evaluation.loss_nats() / std::log(2.0));
    return result;
  }

 private:
  std::vector<TokenId> tokens_in(const char* who, const char* field, const val& value, Index size) const {
    auto tokens = array_in<TokenId>(who, field, value, "Int32Array", static_cast<std::size_t>(size));
    for (TokenId token : tokens) {
      if (token < 0 || token >= model_->config().vocab_size)
        reject(who, field, val(token), "tokens from 0 to V - 1");
    }
    return tokens;
  }

  std::shared_ptr<unroll::LanguageModel<float>> model_;
  std::shared_ptr<const unroll::Vocabulary> vocabulary_;
  std::unique_ptr<unroll::Optimizer<float>> optimizer_;
};

class TrainerHandle : Counted {
 public:
  TrainerHandle(const unroll::ModelConfig& model, const unroll::TrainConfig& config, std::u32string_view text)
      : trainer_(model, config, text) {}

  val info() const {
    const unroll::ModelPlan plan =
        unroll::plan(trainer_.model()->config(), trainer_.config().batch_size, trainer_.config().seq_len);
    val result = object();
    result.set("parameterCount", static_cast<double>(trainer_.model()->parameters().size()));
    result.set("vocabSize", static_cast<double>(trainer_.model()->config().vocab_size));
    result.set("trainChars", static_cast<double>(trainer_.tokens(Part::kTrain).size()));
    result.set("validationChars", static_cast<double>(trainer_.tokens(Part::kValidation).size()));
    result.set("testChars", static_cast<double>(trainer_.tokens(Part::kTest).size()));
    result.set("stepsPerEpoch", static_cast<double>(trainer_.steps_per_epoch()));
    result.set("memoryBytes", static_cast<double>(plan.memory_bytes));
    return result;
  }

  /// At least one step, then more until `max_steps` are done or `max_ms` are over.
  val train_slice(double max_steps, double max_ms) {
    return attempt([&] {
      if (!(max_steps >= 1.0)) reject("Trainer.trainSlice", "maxSteps", val(max_steps), "a number from 1 on");
      if (!(max_ms >= 0.0)) reject("Trainer.trainSlice", "maxMs", val(max_ms), "a number from 0 on");
      std::vector<double> losses;
      std::vector<double> norms;
      const double end = emscripten_get_now() + max_ms;
      do {
        const auto [loss, norm] = trainer_.step();
        losses.push_back(loss);
        norms.push_back(norm);
      } while (static_cast<double>(losses.size()) + 1.0 <= max_steps && emscripten_get_now() < end);
      val result = object();
      result.set("step", static_cast<double>(trainer_.steps()));
      result.set("epoch", static_cast<double>(trainer_.epoch()));
      result.set("losses", copy_out(losses));
      result.set("gradNorms", copy_out(norms));
      return result;
    });
  }

  val begin_evaluation(const std::string& part) {
    return attempt([&] {
      evaluation_ = std::make_unique<unroll::Evaluation>(trainer_.evaluate(part_in(part)));
      return val::null();
    });
  }

  val continue_evaluation(double max_ms) {
    return attempt([&] {
      if (!evaluation_) {
        throw Error(ErrorCode::kWrongState, "Trainer.continueEvaluation: call beginEvaluation() first");
      }
      const double end = emscripten_get_now() + max_ms;
      do {
        evaluation_->advance();
      } while (!evaluation_->done() && emscripten_get_now() < end);
      return LanguageModelHandle::evaluation_out(*evaluation_);
    });
  }

  val baselines() const {
    return attempt([&] {
      val result = object();
      const char* names[] = {"uniform", "unigram", "bigram"};
      for (int order = 0; order < 3; ++order) {
        const unroll::NgramModel model(trainer_.tokens(Part::kTrain), trainer_.model()->config().vocab_size,
                                       order);
        result.set(names[order], model.loss_nats(trainer_.tokens(Part::kValidation)));
      }
      return result;
    });
  }

  std::shared_ptr<LanguageModelHandle> model() const {
    return std::make_shared<LanguageModelHandle>(trainer_.model(), trainer_.vocabulary());
  }

  val rewind() {
    return attempt([&] {
      evaluation_.reset();
      trainer_.rewind();
      return val::null();
    });
  }

  val set_learning_rate(double learning_rate) {
    return attempt([&] {
      trainer_.set_learning_rate(learning_rate);
      return val::null();
    });
  }

 private:
  using Part = unroll::Trainer::Part;

  static Part part_in(const std::string& part) {
    if (part == "train") return Part::kTrain;
    if (part == "validation") return Part::kValidation;
    if (part == "test") return Part::kTest;
    reject("Trainer.beginEvaluation", "part", val(part), "train, validation or test");
  }

  unroll::Trainer trainer_;
  std::unique_ptr<unroll::Evaluation> evaluation_;
};

// ---------------------------------------------------------------------------------------------- the module

val create_rnn(const val& object) {
  return attempt([&] {
    const Fields fields("RnnConfig", object);
    unroll::RnnConfig config;
    fields.read("cell", config.cell);
    fields.read("inputSize", config.input_size);
    fields.read("hiddenSize", config.hidden_size);
    fields.read("numLayers", config.num_layers);
    fields.read("bidirectional", config.bidirectional);
    fields.read("bias", config.bias);
    fields.read("dropout", config.dropout);
    fields.read_seed("seed", config.seed);
    return val(std::make_shared<RnnHandle>(config));
  });
}

val create_language_model(const val& object) {
  return attempt([&] {
    const Fields fields("ModelConfig", object);
    unroll::ModelConfig config = model_in(fields);
    const auto points =
        array_in<std::uint32_t>("ModelConfig", "vocabulary", fields.get("vocabulary"), "Uint32Array");
    auto vocabulary =
        std::make_shared<const unroll::Vocabulary>(std::u32string(points.begin(), points.end()));
    config.vocab_size = vocabulary->size();
    return val(std::make_shared<LanguageModelHandle>(std::make_shared<unroll::LanguageModel<float>>(config),
                                                     std::move(vocabulary)));
  });
}

val create_trainer(const val& object, const val& text) {
  return attempt([&] {
    const Fields fields("TrainerConfig", object);
    return val(std::make_shared<TrainerHandle>(model_in(fields), train_in(fields),
                                               text_in("Trainer", "text", text)));
  });
}

val plan_model(const val& config) {
  return attempt([&] {
    const Fields fields("ModelConfig", config);
    const unroll::ModelConfig model = model_in(fields);
    const unroll::TrainConfig train = train_in(fields);
    unroll::validate(model);
    unroll::validate(train);
    const unroll::ModelPlan plan = unroll::plan(model, train.batch_size, train.seq_len);
    val result = object();
    result.set("parameterCount", static_cast<double>(plan.parameter_count));
    result.set("flopsPerChar", plan.flops_per_char);
    result.set("memoryBytes", static_cast<double>(plan.memory_bytes));
    return result;
  });
}

/// A typed array of the tensor's own type, copied out of the file.
val tensor_data_out(const unroll::TensorView& tensor) {
  const auto typed = [&]<class T>(T) {
    std::vector<T> data(tensor.bytes.size() / sizeof(T));
    std::memcpy(data.data(), tensor.bytes.data(), tensor.bytes.size());
    return copy_out(data);
  };
  switch (tensor.dtype) {
    case unroll::Dtype::kF32: return typed(float{});
    case unroll::Dtype::kF64: return typed(double{});
    case unroll::Dtype::kI64: return typed(std::int64_t{});
    case unroll::Dtype::kI32: return typed(std::int32_t{});
    case unroll::Dtype::kU8: return typed(std::uint8_t{});
  }
  return val::null();
}

/// {metadata: [key, value][], tensors: {name, dtype, shape, data}[]}
val read_safetensors(const val& bytes) {
  return attempt([&] {
    const auto file = array_in<std::uint8_t>("readSafetensors", "bytes", bytes, "Uint8Array");
    const unroll::SafetensorsFile parsed = unroll::parse_safetensors(file);
    val metadata = val::array();
    for (const auto& [key, value] : parsed.metadata) {
      metadata.call<void>("push", list_out(std::vector<std::string>{key, value}));
    }
    val tensors = val::array();
    for (const unroll::TensorView& tensor : parsed.tensors) {
      val entry = object();
      entry.set("name", tensor.name);
      entry.set("dtype", std::string(to_string(tensor.dtype)));
      entry.set("shape", shape_out(tensor.shape));
      entry.set("data", tensor_data_out(tensor));
      tensors.call<void>("push", entry);
    }
    val result = object();
    result.set("metadata", metadata);
    result.set("tensors", tensors);
    return result;
  });
}

/// metadata: [key, value][]; tensors: {name, shape, data: Float32Array}[]
val write_safetensors(const val& metadata, const val& tensors) {
  return attempt([&] {
    unroll::SafetensorsFile::Metadata pairs;
    const auto count = metadata["length"].as<unsigned>();
    for (unsigned i = 0; i < count; ++i) {
      const val key = metadata[i][0];
      const val value = metadata[i][1];
      if (!key.isString() || !value.isString())
        reject("writeSafetensors", "metadata", metadata, "pairs of strings");
      pairs.emplace_back(key.as<std::string>(), value.as<std::string>());
    }
    const std::vector<unroll::Tensor> given = tensors_in("writeSafetensors", tensors);
    unroll::SafetensorsFile file{.metadata = std::move(pairs), .tensors = {}};
    for (const auto& [name, shape, data] : given) file.tensors.push_back(unroll::view_f32(name, shape, data));
    return copy_out(unroll::write_safetensors(file));
  });
}

val build_info() {
  val result = object();
  result.set("generation", unroll::kEngineGeneration);
  result.set("build", std::string(unroll::kBuild));
  return result;
}

val error_codes() {
  std::vector<std::string> codes;
  for (int code = 0; code <= static_cast<int>(unroll::kLastErrorCode); ++code) {
    codes.emplace_back(unroll::to_string(static_cast<ErrorCode>(code)));
  }
  return list_out(codes);
}

double run_chain(double repetitions) {
  return unroll::run_multiply_add_chain(static_cast<Index>(std::clamp(repetitions, 0.0, 1e6)));
}
double run_kernel(double repetitions) {
  return unroll::run_product_kernel(static_cast<Index>(std::clamp(repetitions, 0.0, 1e6)));
}

int live_objects() {
  return Counted::alive;
}
double heap_bytes() {
  return static_cast<double>(emscripten_get_heap_size());
}
double used_bytes() {
  return static_cast<double>(mallinfo().uordblks);
}

}  // namespace

EMSCRIPTEN_BINDINGS(unroll) {
  using emscripten::class_;
  using emscripten::function;

  class_<RnnHandle>("RnnHandle")
      .smart_ptr<std::shared_ptr<RnnHandle>>("RnnHandle")
      .function("parameters", &RnnHandle::parameters)
      .function("exportTensors", &RnnHandle::export_tensors)
      .function("importTensors", &RnnHandle::import_tensors)
      .function("forward", &RnnHandle::forward)
      .function("setMasks", &RnnHandle::set_masks)
      .function("backward", &RnnHandle::backward);

  class_<GeneratorHandle>("GeneratorHandle")
      .smart_ptr<std::shared_ptr<GeneratorHandle>>("GeneratorHandle")
      .function("next", &GeneratorHandle::next);

  class_<LanguageModelHandle>("LanguageModelHandle")
      .smart_ptr<std::shared_ptr<LanguageModelHandle>>("LanguageModelHandle")
      .function("parameterCount", &LanguageModelHandle::parameter_count)
      .function("parameters", &LanguageModelHandle::parameters)
      .function("vocabulary", &LanguageModelHandle::vocabulary)
      .function("config", &LanguageModelHandle::config)
      .function("exportTensors", &LanguageModelHandle::export_tensors)
      .function("importTensors", &LanguageModelHandle::import_tensors)
      .function("fingerprint", &LanguageModelHandle::fingerprint)
      .function("createGenerator", &LanguageModelHandle::create_generator)
      .function("evaluateText", &LanguageModelHandle::evaluate_text)
      .function("lossAndGradients", &LanguageModelHandle::loss_and_gradients)
      .function("configureOptimizer", &LanguageModelHandle::configure_optimizer)
      .function("optimizerState", &LanguageModelHandle::optimizer_state)
      .function("applyGradients", &LanguageModelHandle::apply_gradients);

  class_<TrainerHandle>("TrainerHandle")
      .smart_ptr<std::shared_ptr<TrainerHandle>>("TrainerHandle")
      .function("info", &TrainerHandle::info)
      .function("trainSlice", &TrainerHandle::train_slice)
      .function("beginEvaluation", &TrainerHandle::begin_evaluation)
      .function("continueEvaluation", &TrainerHandle::continue_evaluation)
      .function("baselines", &TrainerHandle::baselines)
      .function("model", &TrainerHandle::model)
      .function("rewind", &TrainerHandle::rewind)
      .function("setLearningRate", &TrainerHandle::set_learning_rate);

  function("buildInfo", &build_info);
  function("errorCodes", &error_codes);
  function("runMultiplyAddChain", &run_chain);
  function("runProductKernel", &run_kernel);
  function("liveObjects", &live_objects);
  function("heapBytes", &heap_bytes);
  function("usedBytes", &used_bytes);
  function("createRnn", &create_rnn);
  function("createLanguageModel", &create_language_model);
  function("createTrainer", &create_trainer);
  function("planModel", &plan_model);
  function("readSafetensors", &read_safetensors);
  function("writeSafetensors", &write_safetensors);
}
