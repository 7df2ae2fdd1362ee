#pragma once

/// As much about characters as cutting a text into words takes. No tables of Unicode: they would be larger
/// than the rest of the engine.
namespace unroll {

/// Spaces, line ends and invisible separators.
bool is_space(char32_t c);

/// Part of a word: ASCII letters and digits, and what lies beyond ASCII except the blocks of punctuation and
/// symbols. Combining marks count, so that an accent stays with its letter.
bool is_word_character(char32_t c);

/// The small letter of a capital of the Latin (to U+017F), Greek or Cyrillic alphabet; any other character as
/// it is. Turkish dotted I stays, because its small letter is two characters.
char32_t to_lower(char32_t c);

}  // namespace unroll
