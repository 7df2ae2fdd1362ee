#include "unroll/text/utf8.h"

#include <algorithm>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/core/unicode.h"

namespace unroll {
namespace {

bool begins_with_byte_order_mark(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF;
}

[[noreturn]] void refuse(std::size_t position, std::uint8_t byte) {
  throw Error(ErrorCode::kInvalidUtf8, "decode_utf8: byte 0x" + capital_hex_text(byte, 2) + " at position " +
                                           std::to_string(position) +
                                           " does not begin a UTF-8 character; this file is not UTF-8 text; "
                                           "save it again with the encoding UTF-8");
}

/// Bytes that are looked at together.
constexpr std::size_t kBlock = 16;

bool is_ascii(const std::uint8_t* block) {
  std::uint8_t all = 0;
  for (std::size_t i = 0; i < kBlock; ++i) all |= block[i];
  return all < 0x80;
}

}  // namespace

std::u32string decode_utf8(std::span<const std::uint8_t> bytes) {
  std::u32string text(bytes.size(), U'\0');  // no character has less than a byte
  char32_t* end = text.data();
  std::size_t position = begins_with_byte_order_mark(bytes) ? 3 : 0;
  while (position < bytes.size()) {
    // Most texts are little else.
    if (bytes.size() - position >= kBlock && is_ascii(&bytes[position])) {
      end = std::copy_n(&bytes[position], kBlock, end);
      position += kBlock;
      continue;
    }
    if (bytes[position] < 0x80) {
      *end++ = bytes[position++];
      continue;
    }
    const Utf8Step step = first_utf8(bytes.subspan(position));
    if (step.length == 0) refuse(position, bytes[position]);
    *end++ = step.code_point;
    position += step.length;
  }
  text.resize(static_cast<std::size_t>(end - text.data()));
  return text;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_scalar_value(text[i])) {
      throw Error(ErrorCode::kInvalidArgument,
                  "encode_utf8: " + describe_character(text[i]) + " at position " + std::to_string(i) +
                      " is not a character (a lone surrogate, or past U+10FFFF); replace it by U+FFFD");
    }
    append_utf8(text[i], bytes);
  }
  return bytes;
}

std::size_t utf8_offset(std::span<const std::uint8_t> bytes, Index characters) {
  std::size_t at = 0;
  for (Index left = characters; at < bytes.size(); ++at) {
    const bool goes_on = (bytes[at] & 0xc0) == 0x80;
    if (!goes_on && left-- == 0) break;
  }
  return at;
}

}  // namespace unroll
