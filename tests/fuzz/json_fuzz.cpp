// Whatever the bytes: parse_json_object refuses them with kFileInvalid, or returns an object within its
// limits that is written in its shortest form and read again to the same value.

#include <cstdint>
#include <span>
#include <string>

#include "fuzz/require.h"
#include "unroll/core/error.h"
#include "unroll/io/json.h"

namespace {

using namespace unroll;
using Kind = JsonValue::Kind;

bool same(const JsonValue& a, const JsonValue& b) {
  if (a.kind != b.kind || a.number != b.number || a.string != b.string) return false;
  if (a.items.size() != b.items.size() || a.members.size() != b.members.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    if (a.members[i].name != b.members[i].name || !same(a.members[i].value, b.members[i].value)) return false;
  }
  return true;
}

void write(const JsonValue& value, int depth, std::string& json) {
  require(depth <= kMaxJsonDepth + 1 && value.number <= kMaxJsonNumber);
  switch (value.kind) {
    case Kind::kNumber: json += std::to_string(value.number); break;
    case Kind::kString: append_json_string(value.string, json); break;
    case Kind::kArray:
      json += '[';
      for (const JsonValue& item : value.items) {
        if (&item != &value.items.front()) json += ',';
        write(item, depth + 1, json);
      }
      json += ']';
      break;
    case Kind::kObject:
      json += '{';
      for (const JsonMember& member : value.members) {
        if (&member != &value.members.front()) json += ',';
        append_json_string(member.name, json);
        json += ':';
        write(member.value, depth + 1, json);
      }
      json += '}';
      break;
  }
}

JsonValue parse(const std::string& json) {
  return parse_json_object({reinterpret_cast<const std::uint8_t*>(json.data()), json.size()});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  JsonValue value;
  try {
    value = parse_json_object({data, size});
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kFileInvalid);
    return 0;
  }
  std::string json;
  write(value, 1, json);
  require(json.size() <= size);
  const JsonValue again = parse(json);
  require(same(value, again));
  std::string json_again;
  write(again, 1, json_again);
  require(json_again == json);
  return 0;
}
