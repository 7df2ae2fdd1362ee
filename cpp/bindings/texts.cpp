#include <emscripten/bind.h>

#include <vector>

#include "configs.h"
#include "unroll/text/split.h"
#include "unroll/text/utf8.h"
#include "unroll/text/vocabulary.h"
#include "values_in.h"
#include "values_out.h"

/// What a text is made of, before anything is trained on it.
namespace unroll::bindings {

namespace {

val describe_text(const val& text) {
  return attempt([&] {
    const std::u32string own = text_in("Engine.describeText", "text", text);
    val result = object();
    result.set("characters", static_cast<double>(own.size()));
    result.set("vocabSize", static_cast<double>(Vocabulary::from_text(own).size()));
    return result;
  });
}

/// `split`: three shares. Returns where the first two parts end, in bytes.
val split_text(const val& text, const val& split) {
  return attempt([&] {
    const auto bytes = array_in<std::uint8_t>("Engine.splitText", "text", text, "Uint8Array");
    const auto length = static_cast<Index>(decode_utf8(bytes).size());
    const Split own = split_by_position(length, split_in("Engine.splitText", split));
    return list_out(std::vector<double>{static_cast<double>(utf8_offset(bytes, own.train.end)),
                                        static_cast<double>(utf8_offset(bytes, own.validation.end))});
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_texts) {
  emscripten::function("describeText", &unroll::bindings::describe_text);
  emscripten::function("splitText", &unroll::bindings::split_text);
}
