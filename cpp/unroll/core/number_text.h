#pragma once

#include <cstdint>
#include <string>

namespace unroll {

/// A number as a reader would write it, for messages: "0.001", "1e+12", "nan". Streams would do, but would
/// make the module several times as large.
std::string number_text(double value);

/// 64 bits as sixteen hexadecimal digits.
std::string hex_text(std::uint64_t bits);

}  // namespace unroll
