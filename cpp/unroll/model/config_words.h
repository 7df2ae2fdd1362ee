#pragma once

#include <string>

#include "unroll/core/number_text.h"

/// What configurations are refused and described with.
namespace unroll {

/// Throws Error(kInvalidConfig), which names the field, its value and its range, unless low <= value <= high.
void check_range(const char* who, const char* field, double value, double low, double high);

/// " name=value", with 17 digits, which no two doubles share.
template <class Number>
std::string word(const char* name, Number value) {
  return std::string(" ") + name + "=" + number_text(static_cast<double>(value), 17);
}

}  // namespace unroll
