#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "result.h"
#include "unroll/core/error.h"
#include "unroll/inference/text_reader.h"
#include "unroll/model/config.h"
#include "unroll/model/state_dict.h"
#include "unroll/nn/initialisation.h"
#include "unroll/nn/stack.h"
#include "unroll/text/utf8.h"

/// What comes in is checked here as if it came from an enemy, because embind itself turns NaN into 0 and 3.7
/// into 3 without a word.
namespace unroll::bindings {

[[noreturn]] inline void reject(const char* who, const std::string& field, const val& got,
                                const char* expected) {
  const std::string shown = got.isUndefined() ? "missing" : val::global("String")(got).as<std::string>();
  throw Error(ErrorCode::kInvalidArgument,
              std::string(who) + ": " + field + " is " + shown + ", expected " + expected);
}

inline double number_in(const char* who, const std::string& field, const val& value) {
  if (!value.isNumber()) reject(who, field, value, "a number");
  return value.as<double>();
}

/// A whole number that fits an Index; ranges are checked by the engine.
inline Index whole_in(const char* who, const std::string& field, const val& value) {
  const double number = number_in(who, field, value);
  if (!(std::abs(number) <= 2147483647.0) || number != std::floor(number))
    reject(who, field, value, "a whole number");
  return static_cast<Index>(number);
}

/// How long and how wide a batch is.
struct Window {
  Index seq_len;
  Index batch_size;
};

inline Window window_in(const char* who, const val& seq_len, const val& batch_size) {
  const Window window{whole_in(who, "seqLen", seq_len), whole_in(who, "batchSize", batch_size)};
  if (window.seq_len < 1 || window.seq_len > kMaxSeqLen) reject(who, "seqLen", seq_len, "1 to 4096");
  if (window.batch_size < 1 || window.batch_size > kMaxBatchSize)
    reject(who, "batchSize", batch_size, "1 to 1024");
  return window;
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
    if (!(number >= 0.0 && number <= kMaxSeed) || number != std::floor(number)) {
      reject(who_, field, value, "a whole number from 0 to 2^53 - 1");
    }
    target = static_cast<std::uint64_t>(number);
  }
  void read(const char* field, CellKind& target) const {
    const val value = object_[field];
    if (value.isUndefined()) return;
    const auto kind = value.isString() ? cell_kind(value.as<std::string>()) : std::nullopt;
    if (!kind) reject(who_, field, value, cell_names().c_str());
    target = *kind;
  }
  void read(const char* field, InitScheme& target) const {
    const val value = object_[field];
    if (value.isUndefined()) return;
    const auto scheme = value.isString() ? init_scheme(value.as<std::string>()) : std::nullopt;
    if (!scheme) reject(who_, field, value, "pytorch, xavier or orthogonal");
    target = *scheme;
  }
  void read(const char* field, Precision& target) const {
    const val value = object_[field];
    if (value.isUndefined()) return;
    const std::string name = value.isString() ? value.as<std::string>() : "";
    if (name != "float32" && name != "int8") reject(who_, field, value, "float32 or int8");
    target = name == "int8" ? Precision::kInt8 : Precision::kFloat32;
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

inline std::u32string text_in(const char* who, const char* field, const val& value) {
  return decode_utf8(array_in<std::uint8_t>(who, field, value, "Uint8Array"));
}

inline std::vector<Tensor> tensors_in(const char* who, const val& list) {
  std::vector<Tensor> tensors;
  if (!list.isArray()) reject(who, "tensors", list, "an array of {name, shape, data}");
  const auto count = list["length"].as<unsigned>();
  for (unsigned i = 0; i < count; ++i) {
    const val entry = list[i];
    const Fields fields(who, entry);
    if (!fields.get("name").isString()) reject(who, "a tensor's name", fields.get("name"), "a string");
    Tensor tensor{fields.get("name").as<std::string>(), {}, {}};
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

inline void read_state(const char* who, const val& h_0, const val& c_0, Index batch_size, Index hidden_size,
                       StackState<float>& state) {
  const auto fill = [&](const char* field, const val& value, std::vector<AlignedBuffer<float>>& buffers) {
    const auto size = buffers.size() * static_cast<std::size_t>(batch_size * hidden_size);
    const std::vector<float> given = optional_array_in<float>(who, field, value, "Float32Array", size);
    if (given.empty()) return;
    const float* from = given.data();
    for (auto& buffer : buffers) {
      for (Index b = 0; b < batch_size; ++b, from += hidden_size) {
        std::copy_n(from, hidden_size, buffer.data() + b * padded(hidden_size));
      }
    }
  };
  fill("h0", h_0, state.h);
  fill("c0", c_0, state.c);
}

}  // namespace unroll::bindings
