#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "unroll/core/checked.h"
#include "unroll/core/error.h"
#include "unroll/core/sort_indices.h"
#include "unroll/io/json.h"
#include "unroll/io/quoted.h"
#include "unroll/io/safetensors.h"

// The order is the point of this file: lengths, header cap, JSON, caps on counts, checked products, offsets.
// No size is computed from a number that has not been compared with its cap, and no span is made before all
// offsets are known to tile the data.

namespace unroll {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::array kDtypes = {Dtype::kF32, Dtype::kF64, Dtype::kI64, Dtype::kI32, Dtype::kU8};

/// A tensor's entry, with its offsets not yet trusted.
struct Entry {
  TensorView tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kFileInvalid, "parse_safetensors: " + message);
}

[[noreturn]] void refuse(std::string_view tensor, const std::string& message) {
  refuse("tensor " + quoted(tensor) + ": " + message);
}

std::uint64_t header_length(std::span<const std::uint8_t> file) {
  if (file.size() < kLengthBytes) {
    refuse(std::to_string(file.size()) +
           " bytes are too few for a safetensors file, which begins with 8 bytes of header length");
  }
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | file[i];
  if (length > kMaxHeaderBytes) {
    refuse("the header would have " + std::to_string(length) + " bytes, expected at most " +
           std::to_string(kMaxHeaderBytes) + "; this is not a safetensors file, or not one of a small model");
  }
  if (length > file.size() - kLengthBytes) {
    refuse("the header should have " + std::to_string(length) + " bytes, but only " +
           std::to_string(file.size() - kLengthBytes) + " follow; the file was cut off");
  }
  return length;
}

SafetensorsFile::Metadata read_metadata(const JsonValue& value) {
  if (value.kind != JsonValue::Kind::kObject) refuse("__metadata__ is no object of strings");
  if (value.members.size() > kMaxMetadata) {
    refuse(std::to_string(value.members.size()) + " entries in __metadata__, expected at most " +
           std::to_string(kMaxMetadata));
  }
  SafetensorsFile::Metadata metadata;
  for (const auto& [key, entry] : value.members) {
    if (entry.kind != JsonValue::Kind::kString) {
      refuse("__metadata__ entry " + quoted(key) + " is no string");
    }
    metadata.emplace_back(key, entry.string);
  }
  return metadata;
}

Dtype read_dtype(const std::string& name, const JsonValue& value) {
  if (value.kind != JsonValue::Kind::kString) refuse(name, "dtype is no string");
  for (const Dtype dtype : kDtypes) {
    if (to_string(dtype) == value.string) return dtype;
  }
  refuse(name, "dtype " + quoted(value.string) + ", expected F32, F64, I64, I32 or U8; save it as float32");
}

const std::vector<JsonValue>& read_numbers(const std::string& name, const char* field,
                                           const JsonValue& value) {
  const auto is_number = [](const JsonValue& item) { return item.kind == JsonValue::Kind::kNumber; };
  if (value.kind != JsonValue::Kind::kArray ||
      !std::all_of(value.items.begin(), value.items.end(), is_number)) {
    refuse(name, std::string(field) + " is no list of whole numbers");
  }
  return value.items;
}

/// Bytes of this shape, if that is a number at all.
std::optional<std::uint64_t> bytes_of(const std::vector<JsonValue>& sizes, Dtype dtype) {
  std::optional<std::uint64_t> bytes = item_size(dtype);
  for (const JsonValue& size : sizes) {
    if (bytes) bytes = checked::multiply(*bytes, size.number);
  }
  return bytes;
}

void read_shape(const std::string& name, const JsonValue& value, std::uint64_t data_size, Entry& entry) {
  const auto& sizes = read_numbers(name, "shape", value);
  if (sizes.size() > kMaxRank) {
    refuse(name, std::to_string(sizes.size()) + " dimensions, expected at most " + std::to_string(kMaxRank));
  }
  for (const JsonValue& size : sizes) {
    if (size.number == 0) refuse(name, "a dimension is 0, expected at least 1");
  }
  const auto bytes = bytes_of(sizes, entry.tensor.dtype);
  if (!bytes || *bytes > data_size) refuse(name, "its shape needs more bytes than the file has");
  if (*bytes != entry.end - entry.begin) {
    refuse(name, "data_offsets span " + std::to_string(entry.end - entry.begin) + " bytes, its shape needs " +
                     std::to_string(*bytes));
  }
  // Every size is now at most the number of bytes in memory, so it is an Index on 32 bits too.
  for (const JsonValue& size : sizes) entry.tensor.shape.push_back(static_cast<Index>(size.number));
}

void read_offsets(const std::string& name, const JsonValue& value, std::uint64_t data_size, Entry& entry) {
  const auto& offsets = read_numbers(name, "data_offsets", value);
  if (offsets.size() != 2) {
    refuse(name, std::to_string(offsets.size()) + " data_offsets, expected begin and end");
  }
  entry.begin = offsets[0].number;
  entry.end = offsets[1].number;
  if (entry.begin > entry.end || entry.end > data_size) {
    refuse(name, "data_offsets " + std::to_string(entry.begin) + " to " + std::to_string(entry.end) +
                     ", expected a range inside of the " + std::to_string(data_size) +
                     " bytes of data; the file was cut off or is damaged");
  }
}

Entry read_entry(const std::string& name, const JsonValue& value, std::uint64_t data_size) {
  if (value.kind != JsonValue::Kind::kObject) refuse(name, "its entry is no object");
  const JsonValue* dtype = nullptr;
  const JsonValue* shape = nullptr;
  const JsonValue* offsets = nullptr;
  for (const auto& [field, content] : value.members) {
    if (field == "dtype") {
      dtype = &content;
    } else if (field == "shape") {
      shape = &content;
    } else if (field == "data_offsets") {
      offsets = &content;
    } else {
      refuse(name, "unknown field " + quoted(field) + ", expected dtype, shape and data_offsets");
    }
  }
  if (dtype == nullptr || shape == nullptr || offsets == nullptr) {
    refuse(name, "a field is missing, expected dtype, shape and data_offsets");
  }
  Entry entry;
  entry.tensor.name = name;
  entry.tensor.dtype = read_dtype(name, *dtype);
  read_offsets(name, *offsets, data_size, entry);
  read_shape(name, *shape, data_size, entry);
  return entry;
}

/// No tensor is empty, so tensors in ascending order that each begin where the last ended cannot overlap.
void expect_tiling(const std::vector<Entry>& entries, std::uint64_t data_size) {
  std::vector<Index> order(entries.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto entry_of = [&](Index i) -> const Entry& { return entries[static_cast<std::size_t>(i)]; };
  sort_indices(order, [&](Index a, Index b) { return entry_of(a).begin < entry_of(b).begin; });
  std::uint64_t reached = 0;
  for (const Index i : order) {
    const Entry& entry = entry_of(i);
    if (entry.begin != reached) {
      refuse(entry.tensor.name, "begins at byte " + std::to_string(entry.begin) + " of the data, expected " +
                                    std::to_string(reached) +
                                    (entry.begin < reached ? "; it overlaps another" : ", without a gap"));
    }
    reached = entry.end;
  }
  if (reached != data_size) {
    refuse("the tensors end at byte " + std::to_string(reached) + " of the data, which have " +
           std::to_string(data_size) + "; expected nothing after the last tensor");
  }
}

}  // namespace

SafetensorsFile parse_safetensors(std::span<const std::uint8_t> file) {
  const auto header_size = static_cast<std::size_t>(header_length(file));
  const JsonValue header = parse_json_object(file.subspan(kLengthBytes, header_size));
  const auto data = file.subspan(kLengthBytes + header_size);

  SafetensorsFile result;
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.members) {
    if (name == "__metadata__") {
      result.metadata = read_metadata(value);
      continue;
    }
    if (entries.size() == kMaxTensors) {
      refuse("more than " + std::to_string(kMaxTensors) + " tensors, expected at most that");
    }
    entries.push_back(read_entry(name, value, data.size()));
  }
  expect_tiling(entries, data.size());

  for (Entry& entry : entries) {
    entry.tensor.bytes = data.subspan(static_cast<std::size_t>(entry.begin),
                                      static_cast<std::size_t>(entry.end - entry.begin));
    result.tensors.push_back(std::move(entry.tensor));
  }
  return result;
}

}  // namespace unroll
