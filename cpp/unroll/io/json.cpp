#include "unroll/io/json.h"

#include <numeric>
#include <utility>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/core/sort_indices.h"
#include "unroll/core/unicode.h"

namespace unroll {
namespace {

/// Recursive descent over bytes. Every read goes through peek() or take(), which know the end.
class Parser {
 public:
  explicit Parser(std::span<const std::uint8_t> text) : text_(text) {}

  JsonValue document() {
    expect('{');
    JsonValue value = object(1);
    while (peek() == ' ') ++position_;
    if (position_ < text_.size()) refuse("only spaces after the end of the header");
    return value;
  }

 private:
  static constexpr int kEnd = -1;

  int peek() const { return position_ < text_.size() ? text_[position_] : kEnd; }

  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++position_;
    return true;
  }

  void expect(char wanted) {
    if (!take(wanted)) refuse(std::string("'") + wanted + "'");
  }

  void skip_space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++position_;
  }

  [[noreturn]] void refuse(const std::string& expected) const {
    throw Error(ErrorCode::kFileInvalid, "parse_safetensors: byte " + std::to_string(position_) +
                                             " of the header: expected " + expected +
                                             "; the file is damaged or not a safetensors file");
  }

  JsonValue value(int depth) {
    const bool nests = peek() == '{' || peek() == '[';
    if (nests && depth > kMaxJsonDepth) {
      refuse("at most " + std::to_string(kMaxJsonDepth) + " levels of nesting");
    }
    if (++values_ > kMaxJsonValues) refuse("at most " + std::to_string(kMaxJsonValues) + " values");
    if (take('{')) return object(depth);
    if (take('[')) return array(depth);
    JsonValue leaf;
    if (take('"')) {
      leaf.kind = JsonValue::Kind::kString;
      leaf.string = string();
    } else {
      leaf.kind = JsonValue::Kind::kNumber;
      leaf.number = number();
    }
    return leaf;
  }

  JsonValue object(int depth) {
    JsonValue result;
    result.kind = JsonValue::Kind::kObject;
    skip_space();
    if (take('}')) return result;
    do {
      skip_space();
      expect('"');
      std::string name = string();
      skip_space();
      expect(':');
      skip_space();
      result.members.push_back({std::move(name), value(depth + 1)});
      skip_space();
    } while (take(','));
    expect('}');
    refuse_duplicates(result.members);
    return result;
  }

  JsonValue array(int depth) {
    JsonValue result;
    result.kind = JsonValue::Kind::kArray;
    skip_space();
    if (take(']')) return result;
    do {
      skip_space();
      result.items.push_back(value(depth + 1));
      skip_space();
    } while (take(','));
    expect(']');
    return result;
  }

  std::uint64_t number() {
    if (take('0')) return 0;
    const int first = peek();
    if (first < '1' || first > '9') refuse("a string, a list, an object or a whole number of at least 0");
    std::uint64_t result = 0;
    for (int digit = first; digit >= '0' && digit <= '9'; digit = peek()) {
      result = result * 10 + static_cast<std::uint64_t>(digit - '0');
      if (result > kMaxJsonNumber) refuse("a number of at most 2^53");
      ++position_;
    }
    return result;
  }

  /// The rest of a string, after its first quotation mark.
  std::string string() {
    std::string result;
    while (!take('"')) {
      if (take('\\')) {
        append_utf8(escape(), result);
        continue;
      }
      const Utf8Step step = first_utf8(text_.subspan(position_));
      if (step.length == 0) refuse("UTF-8 text and then '\"'");
      if (step.code_point < 0x20) refuse("control characters written as \\u escapes");
      append_utf8(step.code_point, result);
      position_ += step.length;
    }
    return result;
  }

  char32_t escape() {
    const int c = peek();
    switch (c) {
      case '"':
      case '\\':
      case '/': ++position_; return static_cast<char32_t>(c);
      case 'b': ++position_; return U'\b';
      case 'f': ++position_; return U'\f';
      case 'n': ++position_; return U'\n';
      case 'r': ++position_; return U'\r';
      case 't': ++position_; return U'\t';
      case 'u': ++position_; return escaped_character();
      default: refuse("one of \" \\ / b f n r t u after a backslash");
    }
  }

  /// After \u: four hexadecimal digits, or two surrogates as \uD83D\uDE00.
  char32_t escaped_character() {
    const char32_t first = four_digits();
    if (is_scalar_value(first)) return first;
    if (first >= 0xDC00 || !take('\\') || !take('u')) refuse("a pair of surrogates");
    const char32_t second = four_digits();
    if (second < 0xDC00 || second > 0xDFFF) refuse("a pair of surrogates");
    return 0x10000 + ((first - 0xD800) << 10 | (second - 0xDC00));
  }

  char32_t four_digits() {
    char32_t result = 0;
    for (int i = 0; i < 4; ++i) {
      const int c = peek();
      int digit = 0;
      if (c >= '0' && c <= '9') {
        digit = c - '0';
      } else if (c >= 'a' && c <= 'f') {
        digit = c - 'a' + 10;
      } else if (c >= 'A' && c <= 'F') {
        digit = c - 'A' + 10;
      } else {
        refuse("four hexadecimal digits");
      }
      result = result << 4 | static_cast<char32_t>(digit);
      ++position_;
    }
    return result;
  }

  void refuse_duplicates(const std::vector<JsonMember>& members) const {
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const JsonMember& member : members) names.push_back(member.name);
    if (find_duplicate(names) != nullptr) refuse("every name once in the object that ends here");
  }

  std::span<const std::uint8_t> text_;
  std::size_t position_ = 0;
  int values_ = 0;
};

void append_json_character(char32_t c, std::string& json) {
  switch (c) {
    case U'"': json += "\\\""; return;
    case U'\\': json += "\\\\"; return;
    case U'\b': json += "\\b"; return;
    case U'\f': json += "\\f"; return;
    case U'\n': json += "\\n"; return;
    case U'\r': json += "\\r"; return;
    case U'\t': json += "\\t"; return;
    default: break;
  }
  if (c >= 0x20) {
    append_utf8(c, json);
    return;
  }
  json += "\\u" + hex_text(c, 4);
}

}  // namespace

const std::string_view* find_duplicate(std::span<const std::string_view> names) {
  std::vector<Index> order(names.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto name = [&](Index i) -> const std::string_view& { return names[static_cast<std::size_t>(i)]; };
  sort_indices(order, [&](Index a, Index b) { return name(a) < name(b); });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (name(order[i - 1]) == name(order[i])) return &name(order[i]);
  }
  return nullptr;
}

JsonValue parse_json_object(std::span<const std::uint8_t> text) {
  return Parser(text).document();
}

void append_json_string(std::string_view string, std::string& json) {
  std::span<const std::uint8_t> rest(reinterpret_cast<const std::uint8_t*>(string.data()), string.size());
  json += '"';
  while (!rest.empty()) {
    const Utf8Step step = first_utf8(rest);
    if (step.length == 0) {
      throw Error(ErrorCode::kInvalidArgument, "append_json_string: byte " +
                                                   std::to_string(string.size() - rest.size()) +
                                                   " does not begin a UTF-8 character");
    }
    append_json_character(step.code_point, json);
    rest = rest.subspan(step.length);
  }
  json += '"';
}

}  // namespace unroll
