#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace unroll::testing {

using Bytes = std::vector<std::uint8_t>;

/// A file whose header says of itself to have `length` bytes.
inline Bytes file_with_length(std::uint64_t length, const std::string& header, std::size_t data_size) {
  Bytes file;
  for (int i = 0; i < 8; ++i) file.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
  file.insert(file.end(), header.begin(), header.end());
  for (std::size_t i = 0; i < data_size; ++i) file.push_back(static_cast<std::uint8_t>(i));
  return file;
}

/// The header and then the bytes 0, 1, 2 ...
inline Bytes file_of(const std::string& header, std::size_t data_size) {
  return file_with_length(header.size(), header, data_size);
}

}  // namespace unroll::testing
