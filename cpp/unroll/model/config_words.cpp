#include "unroll/model/config_words.h"

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"

namespace unroll {

void check_range(const char* who, const char* field, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::kInvalidConfig, std::string(who) + ": " + field + " is " + number_text(value) +
                                             ", expected " + number_text(low) + " to " + number_text(high));
}

std::string words(std::initializer_list<Word> list) {
  std::string text;
  for (const Word& word : list) {
    text += ' ';
    text += word.name;
    text += '=';
    text += number_text(word.value, 17);
  }
  return text;
}

}  // namespace unroll
