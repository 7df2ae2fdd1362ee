#include "unroll/io/safetensors.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "unroll/core/error.h"
#include "unroll/io/quoted.h"

// Numbers are copied between file and memory as they are.
static_assert(std::endian::native == std::endian::little);

namespace unroll {
namespace {

struct DtypeFacts {
  std::string_view name;
  std::size_t size;
};

/// In the order of Dtype.
constexpr DtypeFacts kFacts[] = {{"F32", 4}, {"F64", 8}, {"I64", 8}, {"I32", 4}, {"U8", 1}};

template <class S>
std::vector<S> read(const char* speaker, const TensorView& tensor, Dtype dtype) {
  if (tensor.dtype != dtype) {
    throw Error(ErrorCode::kFileInvalid, std::string(speaker) + ": tensor " + quoted(tensor.name) +
                                             " has dtype " + std::string(to_string(tensor.dtype)) +
                                             ", expected " + std::string(to_string(dtype)));
  }
  std::vector<S> values(tensor.bytes.size() / sizeof(S));
  std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(S));
  if constexpr (std::is_floating_point_v<S>) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isfinite(values[i])) continue;
      throw Error(ErrorCode::kNotFinite, std::string(speaker) + ": tensor " + quoted(tensor.name) + " is " +
                                             (std::isnan(values[i]) ? "NaN" : "infinite") + " at index " +
                                             std::to_string(i) + ", expected finite numbers");
    }
  }
  return values;
}

template <class S>
TensorView view(std::string name, std::vector<Index> shape, std::span<const S> values, Dtype dtype) {
  return {std::move(name),
          dtype,
          std::move(shape),
          {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()}};
}

}  // namespace

std::string_view to_string(Dtype dtype) {
  return kFacts[static_cast<std::size_t>(dtype)].name;
}

std::size_t item_size(Dtype dtype) {
  return kFacts[static_cast<std::size_t>(dtype)].size;
}

const TensorView* SafetensorsFile::find(std::string_view name) const {
  for (const TensorView& tensor : tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

const std::string* SafetensorsFile::find_metadata(std::string_view key) const {
  for (const auto& [candidate, value] : metadata) {
    if (candidate == key) return &value;
  }
  return nullptr;
}

std::vector<float> read_f32(const TensorView& tensor) {
  return read<float>("read_f32", tensor, Dtype::kF32);
}

std::vector<double> read_f64(const TensorView& tensor) {
  return read<double>("read_f64", tensor, Dtype::kF64);
}

std::vector<std::int64_t> read_i64(const TensorView& tensor) {
  return read<std::int64_t>("read_i64", tensor, Dtype::kI64);
}

TensorView view_f32(std::string name, std::vector<Index> shape, std::span<const float> values) {
  return view(std::move(name), std::move(shape), values, Dtype::kF32);
}

TensorView view_f64(std::string name, std::vector<Index> shape, std::span<const double> values) {
  return view(std::move(name), std::move(shape), values, Dtype::kF64);
}

TensorView view_i64(std::string name, std::vector<Index> shape, std::span<const std::int64_t> values) {
  return view(std::move(name), std::move(shape), values, Dtype::kI64);
}

}  // namespace unroll
