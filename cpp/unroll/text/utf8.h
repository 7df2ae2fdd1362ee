#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace unroll {

/// Strict UTF-8 (RFC 3629) to code points. Overlong forms, surrogates, values above U+10FFFF and sequences
/// that are cut off throw Error(kInvalidUtf8) with the position and value of the first byte that does not
/// fit. A byte order mark at the very start is dropped.
std::u32string decode_utf8(std::span<const std::uint8_t> bytes);

/// Code points to UTF-8. They must be valid, as those of decode_utf8() and Vocabulary are.
std::string encode_utf8(std::u32string_view text);

/// "U+0041" for 'A'.
std::string code_point_name(char32_t point);

/// True for what UTF-8 can carry: up to U+10FFFF and no surrogate.
constexpr bool is_scalar_value(char32_t point) {
  return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}

}  // namespace unroll
