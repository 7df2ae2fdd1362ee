// Whatever the bytes: parse_safetensors refuses them with kFileInvalid, or returns tensors that tile the
// data; and what it returned is written and read again to the same meaning and the same bytes.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/damage.h"
#include "fuzz/require.h"
#include "unroll/core/error.h"
#include "unroll/io/safetensors.h"

namespace {

using namespace unroll;

bool same(const TensorView& a, const TensorView& b) {
  return a.name == b.name && a.dtype == b.dtype && a.shape == b.shape &&
         std::equal(a.bytes.begin(), a.bytes.end(), b.bytes.begin(), b.bytes.end());
}

/// Reads every number, so that the address sanitizer sees each byte that a tensor claims.
void read_all(const TensorView& tensor) {
  try {
    if (tensor.dtype == Dtype::kF32) read_f32(tensor);
    if (tensor.dtype == Dtype::kF64) read_f64(tensor);
    if (tensor.dtype == Dtype::kI64) read_i64(tensor);
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kNotFinite);
  }
}

/// Each begins where another ends, the first behind the header, and the last ends with the file.
void expect_tiling(std::vector<TensorView> tensors, std::span<const std::uint8_t> file) {
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorView& a, const TensorView& b) { return a.bytes.data() < b.bytes.data(); });
  std::uint64_t header = 0;
  std::memcpy(&header, file.data(), 8);
  const std::uint8_t* reached = file.data() + 8 + header;
  for (const TensorView& tensor : tensors) {
    require(tensor.bytes.data() == reached);
    reached += tensor.bytes.size();
  }
  require(reached == file.data() + file.size());
}

void expect_round_trip(const SafetensorsFile& content) {
  const std::vector<std::uint8_t> written = write_safetensors(content);
  const SafetensorsFile read = parse_safetensors(written);
  require(read.metadata == content.metadata);
  require(std::equal(read.tensors.begin(), read.tensors.end(), content.tensors.begin(), content.tensors.end(),
                     same));
  require(write_safetensors(read) == written);
}

/// A file with a tensor of each dtype and rank.
const fuzz::Bytes& whole() {
  static const std::vector<double> numbers(4, 1.5);
  static const std::span bytes(reinterpret_cast<const std::uint8_t*>(numbers.data()), 32);
  static const fuzz::Bytes file = write_safetensors({.metadata = {{"format", "pt"}, {"", "\n\""}},
                                                     .tensors = {{"a", Dtype::kF64, {2, 2}, bytes},
                                                                 {"b", Dtype::kI64, {1, 2, 1, 2}, bytes},
                                                                 {"c", Dtype::kF32, {8}, bytes},
                                                                 {"d", Dtype::kI32, {2, 2, 2}, bytes},
                                                                 {"e", Dtype::kU8, {}, bytes.first(1)}}});
  return file;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  return fuzz::damage(data, size, max_size, whole(), seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SafetensorsFile content;
  try {
    content = parse_safetensors({data, size});
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kFileInvalid);
    return 0;
  }
  expect_tiling(content.tensors, {data, size});
  for (const TensorView& tensor : content.tensors) read_all(tensor);
  expect_round_trip(content);
  return 0;
}
