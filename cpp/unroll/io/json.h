#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// As much JSON (RFC 8259) as the header of a safetensors file has, and not a character more.
///
///   value = object | array | string | number           number = 0 | [1-9][0-9]*, at most 2^53
///
/// No true, false, null, signs, fractions or exponents: no header needs them, and what cannot be said cannot
/// be said wrongly. Strings are strict UTF-8; escapes are decoded, a surrogate only as one of a pair.
namespace unroll {

/// Nesting deeper than this is refused. A header has three levels: file, tensor, shape.
inline constexpr int kMaxJsonDepth = 4;

/// The largest integer up to which all integers are doubles, so that every reader sees the same number.
inline constexpr std::uint64_t kMaxJsonNumber = std::uint64_t{1} << 53;

/// More values than this are refused. A value takes about a hundred bytes of memory and may take two of the
/// text, and 256 tensors have some 2,600 values; so a hostile header costs a megabyte and not fifty.
inline constexpr int kMaxJsonValues = 8192;

struct JsonMember;

struct JsonValue {
  enum class Kind { kObject, kArray, kString, kNumber };

  Kind kind = Kind::kNumber;
  std::uint64_t number = 0;
  std::string string;               // UTF-8
  std::vector<JsonValue> items;     // of an array
  std::vector<JsonMember> members;  // of an object, in the order of the text; names are distinct
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

/// The object that `text` begins with. Only spaces may follow it.
///
/// Throws Error(kFileInvalid) with the position of the byte that does not fit, also for a name that an object
/// has twice, and past the limits above.
JsonValue parse_json_object(std::span<const std::uint8_t> text);

/// A name that comes twice, the first of them in the order of their bytes; null when there is none.
const std::string_view* find_duplicate(std::span<const std::string_view> names);

/// Appends `string` in quotation marks, escaping only what must be: ", \ and the controls below U+0020, each
/// in its shortest form. So no string takes more room than in the text it was parsed from.
/// Throws Error(kInvalidArgument) if it is not UTF-8.
void append_json_string(std::string_view string, std::string& json);

}  // namespace unroll
