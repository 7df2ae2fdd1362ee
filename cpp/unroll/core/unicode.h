#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

/// Unicode scalar values and their UTF-8 form, one at a time. `text` builds its strict reader of files on
/// this, `io` the strings of its headers.
///
///   U+0000  .. U+007F    0xxxxxxx
///   U+0080  .. U+07FF    110xxxxx 10xxxxxx
///   U+0800  .. U+FFFF    1110xxxx 10xxxxxx 10xxxxxx        without U+D800..U+DFFF, the surrogates
///   U+10000 .. U+10FFFF  11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
///
/// A value has one form only: the shortest. (The Unicode Standard, 3.9, table 3-7; RFC 3629.)
namespace unroll {

inline constexpr char32_t kLastCodePoint = 0x10FFFF;

/// Whether c can stand in a text: at most U+10FFFF and no surrogate.
constexpr bool is_scalar_value(char32_t c) {
  return c <= kLastCodePoint && !(c >= 0xD800 && c <= 0xDFFF);
}

/// One decoded character, and how many bytes it took: 1 to 4, or 0 when the bytes do not begin with a
/// character.
struct Utf8Step {
  char32_t code_point = 0;
  std::size_t length = 0;
};

/// Decodes the first character of `bytes`. Never reads past their end.
Utf8Step first_utf8(std::span<const std::uint8_t> bytes);

/// Appends the one to four bytes of c, which must be a scalar value.
void append_utf8(char32_t c, std::string& bytes);

/// "U+00E9 'é'" for a message; only "U+0007" when the character would not be seen, or would disturb the line.
std::string describe_character(char32_t c);

}  // namespace unroll
