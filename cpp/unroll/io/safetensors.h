#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unroll/core/types.h"

/// Tensors in a file, in the format that PyTorch's users exchange (Hugging Face, safetensors 0.x).
/// Source: https://huggingface.co/docs/safetensors
///
///   8 bytes   n, little-endian: length of the header
///   n bytes   header, JSON: {"__metadata__": {"key": "value", ...},
///                            "name": {"dtype": "F32", "shape": [4, 3], "data_offsets": [begin, end]}, ...}
///             padded at its end with spaces
///   the rest  data: the tensors' numbers, little-endian, row-major. Tensor = data[begin, end)
///
/// The tensors tile the data: the first begins at 0, each begins where another ends, the last ends with the
/// file. Nothing in the file can run, and no byte of it means two things.
namespace unroll {

/// The longest header. A model names a few dozen tensors in about 120 bytes each and its vocabulary of up to
/// 4,096 characters: as JSON inside of a JSON string, with both surrogates escaped, a character takes up to
/// 17 bytes, 68 KiB together. So the customary 64 KiB would refuse honest files, and 256 KiB leaves room.
inline constexpr std::size_t kMaxHeaderBytes = 256 * 1024;
inline constexpr std::size_t kMaxTensors = 256;
inline constexpr std::size_t kMaxRank = 4;
inline constexpr std::size_t kMaxMetadata = 1024;

enum class Dtype { kF32, kF64, kI64, kI32, kU8 };

/// The name in files, for instance "F32".
std::string_view to_string(Dtype dtype);

/// Bytes of one number.
std::size_t item_size(Dtype dtype);

/// A named array. It does not own its bytes: they are part of the file that was parsed, on any address, or of
/// the array that is about to be written.
struct TensorView {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<Index> shape;  // up to kMaxRank sizes, each positive; none for a single number
  std::span<const std::uint8_t> bytes;
};

struct SafetensorsFile {
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  Metadata metadata;                // in the header's order
  std::vector<TensorView> tensors;  // in the header's order

  /// The tensor of this name, or null.
  const TensorView* find(std::string_view name) const;
  /// The metadata value of this key, or null.
  const std::string* find_metadata(std::string_view key) const;
};

/// Reads a whole file. The tensors look into `file`, which must outlive them.
///
/// Suspicious of everything: what it returns has at most kMaxTensors tensors and kMaxMetadata entries with
/// distinct names, of known dtypes and positive sizes, whose bytes lie inside of `file`, fit their shapes,
/// and neither overlap nor leave a byte unused. Nothing is allocated in proportion to a number that the file
/// states. The tensors' numbers may still be NaN; read_f32 and read_f64 look at them.
///
/// Throws Error(kFileInvalid), naming the tensor where there is one.
SafetensorsFile parse_safetensors(std::span<const std::uint8_t> file);

/// The bytes of a file with this content: the same content gives the same bytes. The header keeps the order
/// given. The data begin at a multiple of 8 and hold the wider numbers first, so every tensor is aligned.
/// parse_safetensors gives the content back.
///
/// Throws Error: kInvalidArgument for what parse_safetensors would refuse, kTooBig for a longer header than
/// kMaxHeaderBytes.
std::vector<std::uint8_t> write_safetensors(const SafetensorsFile& content);

/// The tensor's numbers, copied, so that they may lie on any address.
///
/// Throws Error: kFileInvalid if the tensor has another dtype; kNotFinite, naming tensor and index, if a
/// number is NaN or infinite.
std::vector<float> read_f32(const TensorView& tensor);
std::vector<double> read_f64(const TensorView& tensor);
std::vector<std::int64_t> read_i64(const TensorView& tensor);

/// A tensor to be written; `values` must outlive it.
TensorView view_f32(std::string name, std::vector<Index> shape, std::span<const float> values);
TensorView view_f64(std::string name, std::vector<Index> shape, std::span<const double> values);
TensorView view_i64(std::string name, std::vector<Index> shape, std::span<const std::int64_t> values);

}  // namespace unroll
