// Whatever the bytes: decode_utf8 refuses them with kInvalidUtf8, or returns a text that encodes to the same
// bytes without a byte order mark, and whose vocabulary encodes and decodes it.

#include <cstdint>
#include <string>

#include "fuzz/require.h"
#include "unroll/core/error.h"
#include "unroll/text/utf8.h"
#include "unroll/text/vocabulary.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unroll;
  std::u32string text;
  try {
    text = decode_utf8({data, size});
  } catch (const Error& error) {
    require(error.code() == ErrorCode::kInvalidUtf8);
    return 0;
  }
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
  require(encode_utf8(text) == bytes);
  if (text.empty()) return 0;
  const Vocabulary vocabulary = Vocabulary::from_text(text);
  require(vocabulary.decode(vocabulary.encode(text)) == text);
  return 0;
}
