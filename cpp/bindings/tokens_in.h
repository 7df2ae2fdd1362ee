#pragma once

#include "unroll/inference/stop_strings.h"
#include "unroll/text/vocabulary.h"
#include "values_in.h"

/// Texts as the tokens of a model.
namespace unroll::bindings {

inline std::vector<std::vector<TokenId>> tokens_in(const char* who, const char* field,
                                                   const Vocabulary& characters, const val& texts) {
  if (!texts.isArray()) reject(who, field, texts, "an array of texts");
  std::vector<std::vector<TokenId>> tokens;
  const auto count = texts["length"].as<unsigned>();
  for (unsigned i = 0; i < count; ++i) tokens.push_back(characters.encode(text_in(who, field, texts[i])));
  return tokens;
}

/// The field "stop"; none when it is missing.
inline StopStrings stop_in(const Fields& fields, const Vocabulary& characters) {
  const val given = fields.get("stop");
  if (given.isUndefined()) return StopStrings();
  auto strings = tokens_in(fields.who(), "stop", characters, given);
  for (const auto& string : strings) {
    if (string.empty()) reject(fields.who(), "a stop string", val("\"\""), "at least one character");
  }
  return StopStrings(std::move(strings));
}

}  // namespace unroll::bindings
