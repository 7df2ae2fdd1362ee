#include "unroll/text/word_tokenizer.h"

#include "unroll/text/letters.h"

namespace unroll {

std::vector<std::u32string> split_words(std::u32string_view text, bool lower_case) {
  std::vector<std::u32string> words;
  bool inside = false;  // the last word may still grow
  for (const char32_t c : text) {
    const bool grows = is_word_character(c);
    if (grows && inside) {
      words.back().push_back(lower_case ? to_lower(c) : c);
    } else if (!is_space(c)) {
      words.emplace_back(1, lower_case ? to_lower(c) : c);
    }
    inside = grows;
  }
  return words;
}

}  // namespace unroll
