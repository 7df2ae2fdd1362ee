#include "unroll/io/json.h"

#include <cstdio>

#include "unroll/core/error.h"

namespace unroll {
namespace {

constexpr std::uint64_t kMaxWhole = (std::uint64_t{1} << 53) - 1;

void append_utf8(std::string& out, char32_t point) {
  const auto put = [&](char32_t value) { out.push_back(static_cast<char>(value)); };
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

/// The bytes of the UTF-8 sequence at the start of `text`; 0 when there is no valid one.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  if (first == 0xe0 && second < 0xa0) return 0;  // overlong
  if (first == 0xed && second > 0x9f) return 0;  // surrogates
  if (first == 0xf0 && second < 0x90) return 0;  // overlong
  if (first == 0xf4 && second > 0x8f) return 0;  // above U+10FFFF
  return length;
}

}  // namespace

void JsonReader::fail(const std::string& what) const {
  throw Error(ErrorCode::kFileInvalid, "model file: " + what + " at position " + std::to_string(at_) +
                                           " of the header; the file is damaged or is no safetensors file");
}

void JsonReader::skip_space() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
    ++at_;
  }
}

bool JsonReader::accept(char symbol) {
  skip_space();
  if (at_ >= text_.size() || text_[at_] != symbol) return false;
  ++at_;
  return true;
}

void JsonReader::expect(char symbol) {
  if (!accept(symbol)) fail(std::string("there is no '") + symbol + "'");
}

void JsonReader::expect_end() {
  skip_space();
  if (at_ != text_.size()) fail("there is something behind the end");
}

char JsonReader::next() {
  if (at_ >= text_.size()) fail("the header ends");
  return text_[at_++];
}

std::string JsonReader::string() {
  expect('"');
  std::string out;
  for (;;) {
    const char c = next();
    if (c == '"') return out;
    if (c == '\\') {
      escape(out);
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) fail("there is a control character in a string");
    const std::size_t length = utf8_length(text_.substr(at_ - 1));
    if (length == 0) fail("there is a byte that is not UTF-8");
    out.append(text_.substr(at_ - 1, length));
    at_ += length - 1;
  }
}

void JsonReader::escape(std::string& out) {
  switch (next()) {
    case '"': out.push_back('"'); return;
    case '\\': out.push_back('\\'); return;
    case '/': out.push_back('/'); return;
    case 'b': out.push_back('\b'); return;
    case 'f': out.push_back('\f'); return;
    case 'n': out.push_back('\n'); return;
    case 'r': out.push_back('\r'); return;
    case 't': out.push_back('\t'); return;
    case 'u': break;
    default: fail("there is an unknown escape");
  }
  char32_t point = four_digits();
  if (point >= 0xdc00 && point <= 0xdfff) fail("there is a lone surrogate");
  if (point >= 0xd800 && point <= 0xdbff) {
    if (next() != '\\' || next() != 'u') fail("there is a lone surrogate");
    const char32_t low = four_digits();
    if (low < 0xdc00 || low > 0xdfff) fail("there is a lone surrogate");
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
  }
  append_utf8(out, point);
}

char32_t JsonReader::four_digits() {
  char32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = next();
    value <<= 4;
    if (c >= '0' && c <= '9') {
      value |= static_cast<char32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value |= static_cast<char32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      value |= static_cast<char32_t>(c - 'A' + 10);
    } else {
      fail("there is a damaged \\u escape");
    }
  }
  return value;
}

std::uint64_t JsonReader::whole() {
  skip_space();
  const std::size_t start = at_;
  std::uint64_t value = 0;
  while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
    value = value * 10 + static_cast<std::uint64_t>(text_[at_++] - '0');
    if (value > kMaxWhole) fail("there is a number above 2^53");
  }
  const std::size_t digits = at_ - start;
  if (digits == 0) fail("there is no whole number");
  if (digits > 1 && text_[start] == '0') fail("there is a number with a leading zero");
  return value;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escaped;
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

}  // namespace unroll
