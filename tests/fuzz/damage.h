#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <vector>

#include "unroll/core/error.h"
#include "unroll/io/safetensors.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// Damage to a safetensors file that leaves most of it whole. Bytes changed at random would hardly get past
/// the length and the JSON of its header.
namespace unroll::fuzz {

using Bytes = std::vector<std::uint8_t>;

/// LLVMFuzzerMutate on bytes that may grow by `room`.
inline Bytes mutated(std::span<const std::uint8_t> bytes, std::size_t room) {
  Bytes result(bytes.begin(), bytes.end());
  result.resize(bytes.size() + room);
  result.resize(LLVMFuzzerMutate(result.data(), bytes.size(), result.size()));
  return result;
}

/// The file with another header, whose length is set right, and other data.
inline Bytes joined(std::span<const std::uint8_t> header, std::span<const std::uint8_t> data) {
  Bytes file(8);
  const std::uint64_t length = header.size();
  std::memcpy(file.data(), &length, 8);
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

/// One number of a tensor becomes one at which arithmetic breaks.
inline void spoil_number(std::span<std::uint8_t> data, std::minstd_rand& random) {
  static constexpr float kFloats[] = {0.0f, -0.0f, 1e-45f, -1.0f, 88.8f, 3e38f, -3e38f, 1e19f, NAN, INFINITY};
  static constexpr double kDoubles[] = {0.0, -1.0, 0.5, 1e9, 1e308, 0x1p53, 0x1p63, 4e9, NAN, INFINITY};
  static constexpr std::int64_t kIntegers[] = {
      0, -1, 1, 2, 1 << 30, std::int64_t{1} << 32, std::int64_t{1} << 53, INT64_MIN};
  const auto put = [&](const auto& from) {
    const auto& value = from[random() % std::size(from)];
    if (data.size() < sizeof value) return;
    std::memcpy(&data[random() % (data.size() / sizeof value) * sizeof value], &value, sizeof value);
  };
  const auto kind = random() % 4;
  if (kind == 0) put(kDoubles);
  if (kind == 1) put(kIntegers);
  if (kind > 1) put(kFloats);
}

/// A tensor is left out, comes under the name of another, or has its sizes in another order.
inline Bytes with_other_tensors(std::span<const std::uint8_t> file, std::minstd_rand& random) {
  SafetensorsFile content = parse_safetensors(file);
  if (content.tensors.empty()) return {file.begin(), file.end()};
  const auto any = [&] {
    return content.tensors.begin() + static_cast<Index>(random() % content.tensors.size());
  };
  const auto one = any();
  switch (random() % 4) {
    case 0: content.tensors.erase(one); break;
    case 1: std::swap(one->name, any()->name); break;
    case 2: std::reverse(one->shape.begin(), one->shape.end()); break;
    default: one->shape = {static_cast<Index>(one->bytes.size() / item_size(one->dtype))}; break;
  }
  return write_safetensors(content);
}

/// Another file, made from `file` or, when that is none, from `whole`.
inline Bytes damaged(std::span<const std::uint8_t> file, std::span<const std::uint8_t> whole, unsigned seed) {
  std::minstd_rand random(seed);
  std::uint64_t header = 0;
  if (file.size() > 8) std::memcpy(&header, file.data(), 8);
  const bool has_data = file.size() > 8 && header < file.size() - 8;
  if (!has_data || random() % 16 == 0) return {whole.begin(), whole.end()};
  const auto head = file.subspan(8, header);
  const auto data = file.subspan(8 + header);
  Bytes changed(data.begin(), data.end());
  switch (random() % 8) {
    case 0: return mutated(file, 64);
    case 1: return joined(mutated(head, 64), data);
    case 2:
      changed = mutated(data, 0);
      changed.resize(data.size());
      return joined(head, changed);
    case 3:
    case 4: try { return with_other_tensors(file, random);
      } catch (const Error&) {
        return {whole.begin(), whole.end()};
      }
    default: spoil_number(changed, random); return joined(head, changed);
  }
}

/// The body of a target's LLVMFuzzerCustomMutator.
inline std::size_t damage(std::uint8_t* data, std::size_t size, std::size_t max_size,
                          std::span<const std::uint8_t> whole, unsigned seed) {
  const Bytes file = damaged({data, size}, whole, seed);
  if (file.size() > max_size) return size;
  std::copy(file.begin(), file.end(), data);
  return file.size();
}

}  // namespace unroll::fuzz
