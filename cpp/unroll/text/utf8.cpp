#include "unroll/text/utf8.h"

#include <cstdio>

#include "unroll/core/error.h"

namespace unroll {
namespace {

[[noreturn]] void reject(std::size_t position, std::uint8_t byte) {
  char hex[5];
  std::snprintf(hex, sizeof hex, "0x%02X", byte);
  throw Error(ErrorCode::kInvalidUtf8, "text: this is not UTF-8 text; byte " + std::to_string(position) +
                                           " is " + hex +
                                           ", which cannot stand there; save the text as UTF-8");
}

/// What the first byte of a sequence says: how many bytes follow, its own bits, and the least code point for
/// which so many bytes are needed.
struct Lead {
  std::size_t following;
  char32_t bits;
  char32_t least;
};

constexpr Lead lead(std::uint8_t byte) {
  if (byte < 0x80) return {0, byte, 0};
  if (byte >= 0xc2 && byte < 0xe0) return {1, char32_t(byte & 0x1f), 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return {2, char32_t(byte & 0x0f), 0x800};
  if (byte >= 0xf0 && byte < 0xf5) return {3, char32_t(byte & 0x07), 0x10000};
  return {0, 0xffffffff, 0};
}

}  // namespace

std::u32string decode_utf8(std::span<const std::uint8_t> bytes) {
  std::u32string text;
  text.reserve(bytes.size());
  std::size_t i = 0;
  if (bytes.size() >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf) i = 3;
  while (i < bytes.size()) {
    const std::size_t start = i;
    auto [following, point, least] = lead(bytes[i++]);
    for (; following > 0; --following, ++i) {
      if (i == bytes.size() || (bytes[i] & 0xc0) != 0x80) {
        const std::size_t at = i == bytes.size() ? start : i;
        reject(at, bytes[at]);
      }
      point = (point << 6) | (bytes[i] & 0x3f);
    }
    if (point < least || !is_scalar_value(point)) reject(start, bytes[start]);
    text.push_back(point);
  }
  return text;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  const auto put = [&](char32_t value) { bytes.push_back(static_cast<char>(value)); };
  for (char32_t point : text) {
    if (point < 0x80) {
      put(point);
    } else if (point < 0x800) {
      put(0xc0 | (point >> 6));
      put(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      put(0xe0 | (point >> 12));
      put(0x80 | ((point >> 6) & 0x3f));
      put(0x80 | (point & 0x3f));
    } else {
      put(0xf0 | (point >> 18));
      put(0x80 | ((point >> 12) & 0x3f));
      put(0x80 | ((point >> 6) & 0x3f));
      put(0x80 | (point & 0x3f));
    }
  }
  return bytes;
}

std::string code_point_name(char32_t point) {
  char name[12];
  std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(point));
  return name;
}

}  // namespace unroll
