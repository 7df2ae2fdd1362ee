#pragma once

#include <string>
#include <string_view>
#include <vector>

/// A text cut into words, for models that read reviews and not letters.
///
///   word = a run of letters and digits | any other single character that is no space
///
///   "Don't stop -- 42!"  ->  Don ' t stop - - 42 !
///
/// Scripts without spaces between words, such as Chinese, come out as one word up to the next punctuation.
/// Crude, and the same in every language and library: what the model saw can be told in one line.
namespace unroll {

/// The words of `text` in order; capitals become small letters if `lower_case` (see to_lower).
std::vector<std::u32string> split_words(std::u32string_view text, bool lower_case);

}  // namespace unroll
