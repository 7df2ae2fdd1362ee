#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "unroll/core/types.h"

/// Whole texts between UTF-8 bytes and code points.
///
/// A text inside Unroll is a std::u32string: one element is one code point, and positions count code points.
/// Reading is strict. A reader who opens a Latin-1 file hears about it; the text is never repaired with
/// U+FFFD behind their back, because the model would learn the damage.
namespace unroll {

/// The code points of `bytes`. A leading byte order mark (EF BB BF) belongs to the file and not to the text,
/// and is dropped.
///
/// Throws Error(kInvalidUtf8), with the byte's position and value, at the first byte that does not begin a
/// character: overlong forms, surrogates, values past U+10FFFF, stray and missing continuation bytes.
std::u32string decode_utf8(std::span<const std::uint8_t> bytes);

/// The UTF-8 bytes of `text`; decode_utf8 of them gives `text` again, unless it begins with U+FEFF.
///
/// Throws Error(kInvalidArgument) for an element that is a surrogate or greater than U+10FFFF.
std::string encode_utf8(std::u32string_view text);

/// Where in the valid UTF-8 `bytes` the character begins that comes behind `characters` others; their end
/// where there are not as many.
std::size_t utf8_offset(std::span<const std::uint8_t> bytes, Index characters);

}  // namespace unroll
