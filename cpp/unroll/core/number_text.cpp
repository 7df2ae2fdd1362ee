#include "unroll/core/number_text.h"

#include <cstdio>

namespace unroll {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

std::string hex_text(std::uint64_t bits) {
  std::string text(16, '0');
  for (std::size_t digit = text.size(); bits != 0; bits >>= 4) text[--digit] = "0123456789abcdef"[bits & 15];
  return text;
}

}  // namespace unroll
