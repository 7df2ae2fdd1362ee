#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "unroll/core/types.h"

/// The safetensors format (https://huggingface.co/docs/safetensors): 8 bytes little-endian length N, N bytes
/// of JSON that describe the tensors, then their data, row-major and little-endian, one behind the other.
///
///   {"__metadata__": {"key": "text"}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
///   ...}
///
/// The reader takes every file for hostile. It checks lengths before it reads, caps before it multiplies, and
/// everything before it returns: the tensors cover the data without overlap, hole or rest.
namespace unroll {

enum class Dtype { kF32, kF64, kI64, kI32, kU8 };

std::string_view to_string(Dtype dtype);
constexpr std::size_t size_of(Dtype dtype) {
  switch (dtype) {
    case Dtype::kF32: return 4;
    case Dtype::kF64: return 8;
    case Dtype::kI64: return 8;
    case Dtype::kI32: return 4;
    case Dtype::kU8: return 1;
  }
  return 1;
}

/// A vocabulary of 4,096 characters, all escaped, takes 50 kB of the header; a model of 8 bidirectional
/// layers 10 kB.
inline constexpr std::size_t kMaxHeaderBytes = 256 * 1024;
inline constexpr std::size_t kMaxTensors = 1024;
inline constexpr std::size_t kMaxRank = 4;

/// One tensor of a file. `bytes` looks into the file and need not be aligned.
struct FileTensor {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<Index> shape;
  std::span<const std::uint8_t> bytes;
};

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct SafetensorsFile {
  Metadata metadata;
  std::vector<FileTensor> tensors;  // in the order of the header
};

/// Throws Error(kFileInvalid) that says what is wrong, with the tensor's name where there is one. The result
/// looks into `file`, which must outlive it.
SafetensorsFile parse_safetensors(std::span<const std::uint8_t> file);

/// The file of these parts. The header is padded with spaces so that the data starts at a multiple of 8;
/// tensors follow in the given order, so wider types should come first. The same parts always give the same
/// bytes.
std::vector<std::uint8_t> write_safetensors(const Metadata& metadata, const std::vector<FileTensor>& tensors);

}  // namespace unroll
