#include "unroll/core/number_text.h"

#include <algorithm>
#include <cstdio>

namespace unroll {
namespace {

std::string hex_text(std::uint64_t bits, std::size_t digits, const char* alphabet) {
  std::size_t needed = 1;
  while (needed < 16 && bits >> 4 * needed != 0) ++needed;
  std::string text(std::max(digits, needed), '0');
  for (std::size_t at = text.size(); bits != 0; bits >>= 4) text[--at] = alphabet[bits & 15];
  return text;
}

}  // namespace

std::string number_text(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string hex_text(std::uint64_t bits, std::size_t digits) {
  return hex_text(bits, digits, "0123456789abcdef");
}

std::string capital_hex_text(std::uint64_t bits, std::size_t digits) {
  return hex_text(bits, digits, "0123456789ABCDEF");
}

}  // namespace unroll
