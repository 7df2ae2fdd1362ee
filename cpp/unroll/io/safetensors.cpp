#include "unroll/io/safetensors.h"

#include <algorithm>
#include <optional>
#include <set>

#include "unroll/core/checked.h"
#include "unroll/core/error.h"
#include "unroll/io/json.h"

namespace unroll {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 31;
constexpr Dtype kDtypes[] = {Dtype::kF32, Dtype::kF64, Dtype::kI64, Dtype::kI32, Dtype::kU8};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kFileInvalid, "model file: " + what);
}

[[noreturn]] void fail_tensor(const std::string& name, const std::string& what) {
  fail("tensor " + json_string(name) + " " + what);
}

std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) value |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  return value;
}

/// The header's text, after its length was found to fit.
std::string_view header_of(std::span<const std::uint8_t> file) {
  if (file.size() < kLengthBytes) {
    fail("it has " + std::to_string(file.size()) + " bytes, a safetensors file has at least 8");
  }
  const std::uint64_t length = little_endian(file);
  if (length > kMaxHeaderBytes) {
    fail("its header would have " + std::to_string(length) + " bytes, at most " +
         std::to_string(kMaxHeaderBytes) + " are allowed; it is damaged or is no safetensors file");
  }
  if (length > file.size() - kLengthBytes) {
    fail("its header would have " + std::to_string(length) +
         " bytes, but the file ends before; it was cut off");
  }
  return {reinterpret_cast<const char*>(file.data()) + kLengthBytes, static_cast<std::size_t>(length)};
}

Metadata read_metadata(JsonReader& json) {
  Metadata metadata;
  std::set<std::string> keys;
  json.expect('{');
  if (json.accept('}')) return metadata;
  do {
    std::string key = json.string();
    if (!keys.insert(key).second)
      json.fail("there is the metadata key " + json_string(key) + " a second time");
    json.expect(':');
    metadata.emplace_back(std::move(key), json.string());
  } while (json.accept(','));
  json.expect('}');
  return metadata;
}

struct Entry {
  FileTensor tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

Dtype read_dtype(JsonReader& json, const std::string& name) {
  const std::string word = json.string();
  for (Dtype dtype : kDtypes) {
    if (to_string(dtype) == word) return dtype;
  }
  fail_tensor(name, "has dtype " + json_string(word) + ", expected F32, F64, I64, I32 or U8");
}

std::vector<Index> read_shape(JsonReader& json, const std::string& name) {
  std::vector<Index> shape;
  json.expect('[');
  if (json.accept(']')) return shape;
  do {
    const std::uint64_t size = json.whole();
    if (size == 0) fail_tensor(name, "has a dimension of size 0");
    if (size > kMaxElements) fail_tensor(name, "has a dimension of size " + std::to_string(size));
    if (shape.size() == kMaxRank) fail_tensor(name, "has more than 4 dimensions");
    shape.push_back(static_cast<Index>(size));
  } while (json.accept(','));
  json.expect(']');
  return shape;
}

Entry read_entry(JsonReader& json, std::string name) {
  Entry entry;
  bool has_dtype = false;
  bool has_shape = false;
  bool has_offsets = false;
  const auto once = [&](bool& seen, const std::string& key) {
    if (seen) fail_tensor(name, "has the field " + json_string(key) + " twice");
    seen = true;
  };
  json.expect('{');
  do {
    const std::string key = json.string();
    json.expect(':');
    if (key == "dtype") {
      once(has_dtype, key);
      entry.tensor.dtype = read_dtype(json, name);
    } else if (key == "shape") {
      once(has_shape, key);
      entry.tensor.shape = read_shape(json, name);
    } else if (key == "data_offsets") {
      once(has_offsets, key);
      json.expect('[');
      entry.begin = json.whole();
      json.expect(',');
      entry.end = json.whole();
      json.expect(']');
    } else {
      fail_tensor(name, "has an unknown field " + json_string(key));
    }
  } while (json.accept(','));
  json.expect('}');
  if (!has_dtype || !has_shape || !has_offsets) fail_tensor(name, "lacks dtype, shape or data_offsets");
  entry.tensor.name = std::move(name);
  return entry;
}

/// The bytes that dtype and shape ask for.
std::uint64_t bytes_wanted(const FileTensor& tensor) {
  std::uint64_t elements = 1;
  for (Index size : tensor.shape) {
    const std::optional<std::uint64_t> product =
        checked::multiply(elements, static_cast<std::uint64_t>(size));
    if (!product || *product > kMaxElements) fail_tensor(tensor.name, "has more than 2^31 elements");
    elements = *product;
  }
  return elements * size_of(tensor.dtype);
}

/// In the order of their offsets, tensors begin where the one before ends, and the last ends with the file.
void check_cover(const std::vector<Entry>& entries, std::uint64_t data_size) {
  std::vector<const Entry*> order;
  for (const Entry& entry : entries) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(),
                   [](const Entry* a, const Entry* b) { return a->begin < b->begin; });
  std::uint64_t at = 0;
  for (const Entry* entry : order) {
    if (entry->begin != at) {
      fail_tensor(entry->tensor.name, "begins at byte " + std::to_string(entry->begin) +
                                          " of the data, expected " + std::to_string(at) +
                                          ": tensors may neither overlap nor leave holes");
    }
    at = entry->end;
  }
  if (at != data_size) {
    fail("its tensors end at byte " + std::to_string(at) + " of the data, but there are " +
         std::to_string(data_size) + "; the file was cut off or has something behind its end");
  }
}

void append(std::vector<std::uint8_t>& file, std::string_view text) {
  file.insert(file.end(), text.begin(), text.end());
}

std::string header_text(const Metadata& metadata, const std::vector<FileTensor>& tensors) {
  std::string header = "{";
  const char* separator = "";
  if (!metadata.empty()) {
    header += "\"__metadata__\":{";
    for (const auto& [key, value] : metadata) {
      header += separator + json_string(key) + ":" + json_string(value);
      separator = ",";
    }
    header += "}";
    separator = ",";
  }
  std::size_t at = 0;
  for (const FileTensor& tensor : tensors) {
    header += separator + json_string(tensor.name) + ":{\"dtype\":\"" + std::string(to_string(tensor.dtype)) +
              "\",\"shape\":[";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      header += (i > 0 ? "," : "") + std::to_string(tensor.shape[i]);
    }
    header +=
        "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(at + tensor.bytes.size()) + "]}";
    at += tensor.bytes.size();
    separator = ",";
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  return header;
}

}  // namespace

std::string_view to_string(Dtype dtype) {
  switch (dtype) {
    case Dtype::kF32: return "F32";
    case Dtype::kF64: return "F64";
    case Dtype::kI64: return "I64";
    case Dtype::kI32: return "I32";
    case Dtype::kU8: return "U8";
  }
  return "";
}

SafetensorsFile parse_safetensors(std::span<const std::uint8_t> file) {
  const std::string_view header = header_of(file);
  const std::span<const std::uint8_t> data = file.subspan(kLengthBytes + header.size());

  JsonReader json(header);
  SafetensorsFile result;
  std::vector<Entry> entries;
  std::set<std::string> names;
  json.expect('{');
  if (!json.accept('}')) {
    do {
      std::string name = json.string();
      if (!names.insert(name).second) json.fail("there is " + json_string(name) + " a second time");
      json.expect(':');
      if (name == "__metadata__") {
        result.metadata = read_metadata(json);
        continue;
      }
      if (entries.size() == kMaxTensors) fail("it has more than " + std::to_string(kMaxTensors) + " tensors");
      entries.push_back(read_entry(json, std::move(name)));
    } while (json.accept(','));
    json.expect('}');
  }
  json.expect_end();

  for (Entry& entry : entries) {
    if (entry.begin > entry.end || entry.end > data.size()) {
      fail_tensor(entry.tensor.name, "ends at byte " + std::to_string(entry.end) +
                                         " of the data, but there are only " + std::to_string(data.size()) +
                                         "; the file was cut off or is damaged");
    }
    if (entry.end - entry.begin != bytes_wanted(entry.tensor)) {
      fail_tensor(entry.tensor.name, "has " + std::to_string(entry.end - entry.begin) +
                                         " bytes, which is not what its dtype and shape ask for");
    }
    entry.tensor.bytes = data.subspan(static_cast<std::size_t>(entry.begin),
                                      static_cast<std::size_t>(entry.end - entry.begin));
  }
  check_cover(entries, data.size());
  for (Entry& entry : entries) result.tensors.push_back(std::move(entry.tensor));
  return result;
}

std::vector<std::uint8_t> write_safetensors(const Metadata& metadata,
                                            const std::vector<FileTensor>& tensors) {
  const std::string header = header_text(metadata, tensors);
  std::vector<std::uint8_t> file;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    file.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(header.size()) >> (8 * i)));
  }
  append(file, header);
  for (const FileTensor& tensor : tensors) file.insert(file.end(), tensor.bytes.begin(), tensor.bytes.end());
  return file;
}

}  // namespace unroll
