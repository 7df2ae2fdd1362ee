#include <cstring>
#include <optional>

#include "unroll/core/checked.h"
#include "unroll/core/error.h"
#include "unroll/io/json.h"
#include "unroll/io/quoted.h"
#include "unroll/io/safetensors.h"

namespace unroll {
namespace {

constexpr std::size_t kAlignment = 8;
constexpr std::size_t kLengthBytes = 8;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, "write_safetensors: " + message);
}

void expect_distinct(const char* what, const std::vector<std::string_view>& names) {
  const std::string_view* twice = find_duplicate(names);
  if (twice != nullptr) refuse(std::string(what) + " " + quoted(*twice) + " comes twice, expected once");
}

void expect_fitting(const TensorView& tensor) {
  const std::string who = "tensor " + quoted(tensor.name);
  if (tensor.name == "__metadata__") refuse(who + ": this name is not free");
  if (tensor.shape.size() > kMaxRank) {
    refuse(who + " has " + std::to_string(tensor.shape.size()) + " dimensions, expected at most " +
           std::to_string(kMaxRank));
  }
  std::optional<std::uint64_t> bytes = item_size(tensor.dtype);
  for (const Index size : tensor.shape) {
    if (size < 1) refuse(who + " has a dimension of " + std::to_string(size) + ", expected at least 1");
    if (bytes) bytes = checked::multiply(*bytes, static_cast<std::uint64_t>(size));
  }
  if (bytes != tensor.bytes.size()) {
    refuse(who + " has " + std::to_string(tensor.bytes.size()) + " bytes, which do not fit its shape");
  }
}

void check(const SafetensorsFile& content) {
  if (content.tensors.size() > kMaxTensors) {
    refuse(std::to_string(content.tensors.size()) + " tensors, expected at most " +
           std::to_string(kMaxTensors));
  }
  if (content.metadata.size() > kMaxMetadata) {
    refuse(std::to_string(content.metadata.size()) + " metadata entries, expected at most " +
           std::to_string(kMaxMetadata));
  }
  std::vector<std::string_view> names;
  for (const TensorView& tensor : content.tensors) {
    expect_fitting(tensor);
    names.push_back(tensor.name);
  }
  expect_distinct("tensor", std::move(names));
  std::vector<std::string_view> keys;
  for (const auto& entry : content.metadata) keys.push_back(entry.first);
  expect_distinct("metadata key", std::move(keys));
}

/// Where each tensor begins in the data. Wider numbers come first: then all are aligned without gaps.
struct Layout {
  std::vector<std::size_t> begins;  // by tensor
  std::size_t size = 0;
};

Layout lay_out(const std::vector<TensorView>& tensors) {
  Layout layout{std::vector<std::size_t>(tensors.size()), 0};
  for (const std::size_t width : {std::size_t{8}, std::size_t{4}, std::size_t{1}}) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (item_size(tensors[i].dtype) != width) continue;
      layout.begins[i] = layout.size;
      layout.size += tensors[i].bytes.size();
    }
  }
  return layout;
}

void append_entry(const TensorView& tensor, std::size_t begin, std::string& header) {
  append_json_string(tensor.name, header);
  header += ":{\"dtype\":\"";
  header += to_string(tensor.dtype);
  header += "\",\"shape\":[";
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    header += (i == 0 ? "" : ",") + std::to_string(tensor.shape[i]);
  }
  header += "],\"data_offsets\":[" + std::to_string(begin) + ',' +
            std::to_string(begin + tensor.bytes.size()) + "]}";
}

std::string header_of(const SafetensorsFile& content, const Layout& layout) {
  std::string header = "{";
  const auto separate = [&header] {
    if (header.back() != '{') header += ',';
  };
  if (!content.metadata.empty()) {
    header += "\"__metadata__\":{";
    for (const auto& [key, value] : content.metadata) {
      separate();
      append_json_string(key, header);
      header += ':';
      append_json_string(value, header);
    }
    header += '}';
  }
  for (std::size_t i = 0; i < content.tensors.size(); ++i) {
    separate();
    append_entry(content.tensors[i], layout.begins[i], header);
  }
  header += '}';
  header.append((kAlignment - (kLengthBytes + header.size()) % kAlignment) % kAlignment, ' ');
  if (header.size() > kMaxHeaderBytes) {
    throw Error(ErrorCode::kTooBig, "write_safetensors: the header has " + std::to_string(header.size()) +
                                        " bytes, expected at most " + std::to_string(kMaxHeaderBytes) +
                                        "; shorten the metadata");
  }
  return header;
}

}  // namespace

std::vector<std::uint8_t> write_safetensors(const SafetensorsFile& content) {
  check(content);
  const Layout layout = lay_out(content.tensors);
  const std::string header = header_of(content, layout);
  const std::size_t data = kLengthBytes + header.size();
  std::vector<std::uint8_t> file(data + layout.size);
  const std::uint64_t length = header.size();
  for (std::size_t i = 0; i < kLengthBytes; ++i) file[i] = static_cast<std::uint8_t>(length >> (8 * i));
  std::memcpy(file.data() + kLengthBytes, header.data(), header.size());
  for (std::size_t i = 0; i < content.tensors.size(); ++i) {
    const auto bytes = content.tensors[i].bytes;
    std::memcpy(file.data() + data + layout.begins[i], bytes.data(), bytes.size());
  }
  return file;
}

}  // namespace unroll
