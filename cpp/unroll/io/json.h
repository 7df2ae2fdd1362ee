#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace unroll {

/// Reads the small part of JSON (RFC 8259) that a safetensors header is made of, from left to right: objects,
/// arrays, strings and whole numbers. Whatever else comes throws Error(kFileInvalid) with the position. There
/// is no tree and no recursion; the caller asks for what must come next.
class JsonReader {
 public:
  /// `text` must outlive the reader. It need not be UTF-8; strings are checked as they are read.
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// After white space: consumes `symbol`, or throws.
  void expect(char symbol);
  /// After white space: consumes `symbol` when it comes next.
  bool accept(char symbol);

  /// A string with its escapes resolved, as UTF-8. Refuses control characters, lone surrogates and invalid
  /// UTF-8.
  std::string string();

  /// A whole number from 0 to 2^53 - 1, without sign, fraction or exponent.
  std::uint64_t whole();

  /// Only white space is left.
  void expect_end();

  std::size_t position() const { return at_; }
  [[noreturn]] void fail(const std::string& what) const;

 private:
  void skip_space();
  char next();
  void escape(std::string& out);
  char32_t four_digits();

  std::string_view text_;
  std::size_t at_ = 0;
};

/// `text` (UTF-8) as a JSON string with its quotes. Control characters, quotes and backslashes are escaped.
std::string json_string(std::string_view text);

}  // namespace unroll
