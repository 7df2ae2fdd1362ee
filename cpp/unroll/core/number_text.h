#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace unroll {

/// A number as a reader would write it, for messages: "0.001", "1e+12", "nan". No two doubles share 17
/// digits. Streams would do, but would make the module several times as large.
std::string number_text(double value, int digits = 15);

/// At least so many hexadecimal digits; sixteen are 64 bits.
std::string hex_text(std::uint64_t bits, std::size_t digits = 16);
/// The same with capital letters, as Unicode writes its code points.
std::string capital_hex_text(std::uint64_t bits, std::size_t digits);

}  // namespace unroll
