#include "unroll/core/number_text.h"

#include <cstdio>

namespace unroll {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

}  // namespace unroll
