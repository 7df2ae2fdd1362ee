#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "unroll/core/types.h"

namespace unroll {

/// Where a text that is being written ends: behind the first of these strings that comes. The string is part
/// of the text, so that it can be shown while it is written.
class StopStrings {
 public:
  StopStrings() = default;
  /// Each must have at least one token.
  explicit StopStrings(std::vector<std::vector<TokenId>> strings) : strings_(std::move(strings)) {}

  /// Whether the text ends with one of them.
  bool end(std::span<const TokenId> written) const {
    return std::any_of(strings_.begin(), strings_.end(), [&](const std::vector<TokenId>& string) {
      return written.size() >= string.size() && std::equal(string.rbegin(), string.rend(), written.rbegin());
    });
  }

  /// The most tokens of a text that end() looks at.
  std::size_t longest() const {
    std::size_t most = 0;
    for (const auto& string : strings_) most = std::max(most, string.size());
    return most;
  }

 private:
  std::vector<std::vector<TokenId>> strings_;
};

}  // namespace unroll
