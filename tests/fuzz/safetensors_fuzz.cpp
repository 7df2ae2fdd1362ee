// Whatever the bytes: parse_safetensors refuses them with kFileInvalid, or returns tensors that tile the
// data; and what it returned is written and read again to the same meaning and the same bytes.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "unroll/core/error.h"
#include "unroll/io/safetensors.h"

namespace {

using namespace unroll;

void require(bool truth) {
  if (!truth) std::abort();
}

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

void expect_round_trip(const SafetensorsFile& content) {
  const std::vector<std::uint8_t> written = write_safetensors(content);
  const SafetensorsFile read = parse_safetensors(written);
  require(read.metadata == content.metadata);
  require(std::equal(read.tensors.begin(), read.tensors.end(), content.tensors.begin(), content.tensors.end(),
                     same));
  require(write_safetensors(read) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SafetensorsFile content;
  try {
    content = parse_safetensors({data, size});
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kFileInvalid);
    return 0;
  }
  std::size_t covered = 0;
  for (const TensorView& tensor : content.tensors) {
    require(tensor.bytes.data() >= data && tensor.bytes.data() + tensor.bytes.size() <= data + size);
    covered += tensor.bytes.size();
    read_all(tensor);
  }
  require(covered < size);
  expect_round_trip(content);
  return 0;
}
