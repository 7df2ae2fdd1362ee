#pragma once

#include <initializer_list>
#include <string>

/// What configurations are refused and described with.
namespace unroll {

/// Throws Error(kInvalidConfig), which names the field, its value and its range, unless low <= value <= high.
void check_range(const char* who, const char* field, double value, double low, double high);

/// A number of a configuration.
struct Word {
  template <class Number>
  Word(const char* word, Number number) : name(word), value(static_cast<double>(number)) {}

  const char* name;
  double value;
};

/// " name=value" of each, with 17 digits, which no two doubles share.
std::string words(std::initializer_list<Word> list);

}  // namespace unroll
