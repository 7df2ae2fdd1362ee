#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "result.h"
#include "unroll/model/state_dict.h"

/// What goes out is a copy; nothing in JavaScript ever looks into wasm memory.
namespace unroll::bindings {

template <class T>
val copy_out(const T* data, std::size_t size) {
  return val(emscripten::typed_memory_view(size, data)).template call<val>("slice");
}

template <class T>
val copy_out(const std::vector<T>& values) {
  return copy_out(values.data(), values.size());
}

inline val bytes_out(const std::string& bytes) {
  return copy_out(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

template <class T>
val list_out(const std::vector<T>& values) {
  val list = val::array();
  for (const T& value : values) list.call<void>("push", val(value));
  return list;
}

inline val shape_out(const std::vector<Index>& shape) {
  return list_out(std::vector<double>(shape.begin(), shape.end()));
}

inline val tensors_out(const std::vector<Tensor>& tensors) {
  val list = val::array();
  for (const Tensor& tensor : tensors) {
    val entry = object();
    entry.set("name", tensor.name);
    entry.set("shape", shape_out(tensor.shape));
    entry.set("data", copy_out(tensor.data));
    list.call<void>("push", entry);
  }
  return list;
}

inline val state_out(const std::vector<AlignedBuffer<float>>& buffers, Index batch_size, Index hidden_size) {
  if (buffers.empty()) return val::null();
  std::vector<float> dense;
  for (const auto& buffer : buffers) {
    for (Index b = 0; b < batch_size; ++b) {
      const float* row = buffer.data() + b * padded(hidden_size);
      dense.insert(dense.end(), row, row + hidden_size);
    }
  }
  return copy_out(dense);
}

}  // namespace unroll::bindings
