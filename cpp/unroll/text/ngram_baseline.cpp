#include "unroll/text/ngram_baseline.h"

#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include "unroll/core/error.h"

namespace unroll {
namespace {

constexpr double kAdded = 0.1;

/// Counts of tokens and pairs. Pairs are hashed, because V^2 of a large vocabulary would not fit; a look-up
/// has one answer whatever the order of the table.
struct Counts {
  std::unordered_map<std::uint64_t, double> pairs;
  std::vector<double> singles;
  std::vector<double> followed;  // how often something stands behind each token
  double total = 0.0;

  Counts(Index vocab_size, std::span<const TokenId> tokens)
      : singles(static_cast<std::size_t>(vocab_size)), followed(static_cast<std::size_t>(vocab_size)) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      singles[static_cast<std::size_t>(tokens[i])] += 1.0;
      if (i + 1 == tokens.size()) break;
      followed[static_cast<std::size_t>(tokens[i])] += 1.0;
      pairs[key(tokens[i], tokens[i + 1])] += 1.0;
    }
    total = static_cast<double>(tokens.size());
  }

  static std::uint64_t key(TokenId a, TokenId b) {
    return (static_cast<std::uint64_t>(a) << 32) | static_cast<std::uint64_t>(b);
  }

  double pair(TokenId a, TokenId b) const {
    const auto at = pairs.find(key(a, b));
    return at == pairs.end() ? 0.0 : at->second;
  }
};

}  // namespace

double ngram_loss_nats(int order, Index vocab_size, std::span<const TokenId> train,
                       std::span<const TokenId> validation) {
  if (validation.size() < 2) {
    throw Error(ErrorCode::kTextTooShort, "ngram_loss_nats: the validation part has " +
                                              std::to_string(validation.size()) +
                                              " characters, expected at least 2");
  }
  const auto v = static_cast<double>(vocab_size);
  if (order == 0) return std::log(v);
  const Counts counts(vocab_size, train);
  double nats = 0.0;
  for (std::size_t i = 1; i < validation.size(); ++i) {
    const TokenId a = validation[i - 1];
    const TokenId b = validation[i];
    const double seen = order == 1 ? counts.singles[static_cast<std::size_t>(b)] : counts.pair(a, b);
    const double of = order == 1 ? counts.total : counts.followed[static_cast<std::size_t>(a)];
    nats -= std::log((seen + kAdded) / (of + kAdded * v));
  }
  return nats / static_cast<double>(validation.size() - 1);
}

}  // namespace unroll
