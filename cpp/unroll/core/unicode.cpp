#include "unroll/core/unicode.h"

#include <cassert>

#include "unroll/core/number_text.h"

namespace unroll {
namespace {

constexpr bool is_continuation(std::uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

/// How many bytes a sequence with this lead has; 0 for a byte that leads nothing. C0 and C1 could only begin
/// overlong forms, F5 and above only values past U+10FFFF.
constexpr std::size_t length_from_lead(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

constexpr char32_t kSmallestOfLength[] = {0, 0, 0x80, 0x800, 0x10000};

/// Controls, spaces that are not the plain one, joiners, direction overrides, private use and non-characters:
/// what a message shows by number only.
constexpr bool is_invisible(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x300 && c <= 0x36F) ||
         (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) ||
         c == 0x3000 || (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
         (c >= 0xFFF0 && c <= 0xFFFC) || (c & 0xFFFE) == 0xFFFE || c >= 0xE0000;
}

}  // namespace

Utf8Step first_utf8(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return {};
  const std::uint8_t lead = bytes[0];
  const std::size_t length = length_from_lead(lead);
  if (length == 0 || length > bytes.size()) return {};
  if (length == 1) return {lead, 1};
  char32_t c = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(bytes[i])) return {};
    c = c << 6 | (bytes[i] & 0x3Fu);
  }
  if (c < kSmallestOfLength[length] || !is_scalar_value(c)) return {};
  return {c, length};
}

void append_utf8(char32_t c, std::string& bytes) {
  assert(is_scalar_value(c));
  const auto push = [&bytes](char32_t byte) { bytes.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xC0 | c >> 6);
    push(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    push(0xE0 | c >> 12);
    push(0x80 | (c >> 6 & 0x3F));
    push(0x80 | (c & 0x3F));
  } else {
    push(0xF0 | c >> 18);
    push(0x80 | (c >> 12 & 0x3F));
    push(0x80 | (c >> 6 & 0x3F));
    push(0x80 | (c & 0x3F));
  }
}

std::string describe_character(char32_t c) {
  std::string description = "U+" + capital_hex_text(c, 4);
  if (!is_scalar_value(c) || is_invisible(c)) return description;
  description += " '";
  append_utf8(c, description);
  return description += '\'';
}

}  // namespace unroll
