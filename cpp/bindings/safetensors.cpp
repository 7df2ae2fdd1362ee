#include "unroll/io/safetensors.h"

#include <emscripten/bind.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "values_in.h"
#include "values_out.h"

namespace unroll::bindings {

namespace {

/// A typed array of the tensor's own type, copied out of the file.
val tensor_data_out(const TensorView& tensor) {
  const auto typed = [&]<class T>(T) {
    std::vector<T> data(tensor.bytes.size() / sizeof(T));
    std::memcpy(data.data(), tensor.bytes.data(), tensor.bytes.size());
    return copy_out(data);
  };
  switch (tensor.dtype) {
    case Dtype::kF32: return typed(float{});
    case Dtype::kF64: return typed(double{});
    case Dtype::kI64: return typed(std::int64_t{});
    case Dtype::kI32: return typed(std::int32_t{});
    case Dtype::kU8: return typed(std::uint8_t{});
  }
  return val::null();
}

/// {metadata: [key, value][], tensors: {name, dtype, shape, data}[]}
val read_safetensors(const val& bytes) {
  return attempt([&] {
    const auto file = array_in<std::uint8_t>("readSafetensors", "bytes", bytes, "Uint8Array");
    const SafetensorsFile parsed = parse_safetensors(file);
    val metadata = val::array();
    for (const auto& [key, value] : parsed.metadata) {
      metadata.call<void>("push", list_out(std::vector<std::string>{key, value}));
    }
    val tensors = val::array();
    for (const TensorView& tensor : parsed.tensors) {
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
    SafetensorsFile::Metadata pairs;
    const auto count = metadata["length"].as<unsigned>();
    for (unsigned i = 0; i < count; ++i) {
      const val key = metadata[i][0];
      const val value = metadata[i][1];
      if (!key.isString() || !value.isString())
        reject("writeSafetensors", "metadata", metadata, "pairs of strings");
      pairs.emplace_back(key.as<std::string>(), value.as<std::string>());
    }
    const std::vector<Tensor> given = tensors_in("writeSafetensors", tensors);
    SafetensorsFile file{.metadata = std::move(pairs), .tensors = {}};
    for (const auto& [name, shape, data] : given) file.tensors.push_back(view_f32(name, shape, data));
    return copy_out(write_safetensors(file));
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_safetensors) {
  using namespace unroll::bindings;
  emscripten::function("readSafetensors", &read_safetensors);
  emscripten::function("writeSafetensors", &write_safetensors);
}
