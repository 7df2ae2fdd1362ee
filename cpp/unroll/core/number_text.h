#pragma once

#include <string>

namespace unroll {

/// A number as a reader would write it, for messages: "0.001", "1e+12", "nan". Streams would do, but would
/// make the module several times as large.
std::string number_text(double value);

}  // namespace unroll
