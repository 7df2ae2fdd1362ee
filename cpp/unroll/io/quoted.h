#pragma once

#include <string>
#include <string_view>

namespace unroll {

/// A name from a file, fit for a message: in quotation marks, at most 80 bytes of it, and what is not
/// printable ASCII as '?'. A hostile file chooses its names, and a message is shown.
inline std::string quoted(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  std::string result = "\"";
  for (const char c : name.substr(0, kLongest)) result += c >= ' ' && c <= '~' ? c : '?';
  return result += name.size() > kLongest ? "...\"" : "\"";
}

}  // namespace unroll
