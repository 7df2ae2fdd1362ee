#pragma once

#include <cstdint>
#include <optional>

/// Size arithmetic that cannot wrap. Sizes that come from outside (configurations, file headers) are
/// multiplied and added here and nowhere else, and only after each factor was compared with its cap.
namespace unroll::checked {

/// a * b, or nothing when it does not fit.
constexpr std::optional<std::uint64_t> multiply(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

/// a + b, or nothing when it does not fit.
constexpr std::optional<std::uint64_t> add(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

}  // namespace unroll::checked
