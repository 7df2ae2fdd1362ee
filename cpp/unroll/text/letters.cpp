#include "unroll/text/letters.h"

#include "unroll/core/unicode.h"

namespace unroll {
namespace {

constexpr bool in(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

/// Latin-1's upper half up to U+00BF is signs but for three letters; x and / among the letters are signs too.
constexpr bool is_latin_sign(char32_t c) {
  return (in(c, 0x80, 0xBF) && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7;
}

constexpr bool is_sign_beyond_latin(char32_t c) {
  return in(c, 0x2000, 0x206F) ||  // general punctuation
         in(c, 0x20A0, 0x20CF) ||  // currency
         in(c, 0x2190, 0x2BFF) ||  // arrows, mathematics, boxes, dingbats
         in(c, 0x2E00, 0x2E7F) ||  // more punctuation
         in(c, 0x3000, 0x3004) || in(c, 0x3008, 0x3020) || c == 0x3030 ||  // CJK punctuation
         in(c, 0xFE10, 0xFE1F) || in(c, 0xFE30, 0xFE6F) || c == 0xFEFF ||  // its other forms
         in(c, 0xFF01, 0xFF0F) || in(c, 0xFF1A, 0xFF20) || in(c, 0xFF3B, 0xFF40) ||
         in(c, 0xFF5B, 0xFF65) ||  // wide ASCII punctuation
         in(c, 0xFFE0, 0xFFFF) ||  // wide signs, specials
         in(c, 0x1F000, 0x1FAFF);  // emoji
}

/// In Latin Extended-A capitals and small letters alternate; in two stretches the capitals are odd.
constexpr char32_t latin_extended_lower(char32_t c) {
  if (c == 0x130) return c;
  if (c == 0x178) return 0xFF;
  const bool capitals_are_odd = in(c, 0x139, 0x148) || in(c, 0x179, 0x17E);
  const bool capitals_are_even = in(c, 0x100, 0x137) || in(c, 0x14A, 0x177);
  if (capitals_are_odd && c % 2 == 1) return c + 1;
  if (capitals_are_even && c % 2 == 0) return c + 1;
  return c;
}

}  // namespace

bool is_space(char32_t c) {
  return c == ' ' || in(c, '\t', '\r') || in(c, 0x1C, 0x1F) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         in(c, 0x2000, 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
         c == 0xFEFF;
}

bool is_word_character(char32_t c) {
  if (c < 0x80) return in(c, '0', '9') || in(c, 'A', 'Z') || in(c, 'a', 'z');
  return is_scalar_value(c) && !is_space(c) && !is_latin_sign(c) && !is_sign_beyond_latin(c);
}

char32_t to_lower(char32_t c) {
  if (in(c, 'A', 'Z') || (in(c, 0xC0, 0xDE) && c != 0xD7)) return c + 0x20;
  if (in(c, 0x100, 0x17F)) return latin_extended_lower(c);
  if (in(c, 0x391, 0x3A9) && c != 0x3A2) return c + 0x20;
  if (in(c, 0x400, 0x40F)) return c + 0x50;
  if (in(c, 0x410, 0x42F)) return c + 0x20;
  return c;
}

}  // namespace unroll
