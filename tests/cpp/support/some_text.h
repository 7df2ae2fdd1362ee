#pragma once

#include <string>

#include "support/random.h"

namespace unroll::testing {

/// So many characters from a to i in no order.
inline std::u32string some_text(Index size) {
  Random random(1);
  std::u32string text;
  for (TokenId token : random.tokens(size, 9)) text.push_back(static_cast<char32_t>(U'a' + token));
  return text;
}

}  // namespace unroll::testing
