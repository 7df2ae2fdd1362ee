#include "unroll/nn/mean_loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/distance.h"
#include "support/expect_error.h"
#include "support/gradient_check.h"
#include "support/random.h"
#include "unroll/nn/loss.h"

namespace unroll::testing::mean_loss_test {
namespace {

constexpr Index kRows = 6, kClasses = 5;
constexpr TokenId kIgnored = -100;

struct Case {
  const char* name;
  double smoothing;
  bool ignores;
  bool weighs;
};

constexpr Case kCases[] = {{"plain", 0.0, false, false},      {"smooth", 0.1, false, false},
                           {"all_smooth", 1.0, false, false}, {"ignoring", 0.0, true, false},
                           {"weighted", 0.0, false, true},    {"everything", 0.3, true, true}};

/// Logits with targets and what counts among them.
struct Setting {
  explicit Setting(const Case& c) : targets(Random(5).tokens(kRows, kClasses)) {
    Random random(6);
    random.fill_rows(logits, kRows, kClasses);
    for (Index i = 0; i < logits.size(); ++i) logits[i] *= 3.0;
    if (c.ignores) targets[1] = targets[4] = kIgnored;
    if (c.weighs) weights = {0.5f, 1.0f, 0.0f, 2.0f, 1.5f, 0.25f};
    options = {.ignore_index = kIgnored, .label_smoothing = c.smoothing, .weights = {.weights = weights}};
  }

  double weight(Index r) const {
    return targets[static_cast<std::size_t>(r)] == kIgnored ? 0.0 : options.weights[r];
  }

  AlignedBuffer<double> logits;
  std::vector<TokenId> targets;
  std::vector<float> weights;
  CrossEntropyOptions options;
};

/// The loss by its definition, with the cross-entropy against smoothed targets.
double naive_loss(const Setting& s, std::vector<double>& per_row) {
  double sum = 0.0, total = 0.0;
  per_row.assign(kRows, 0.0);
  for (Index r = 0; r < kRows; ++r) {
    const double w = s.weight(r);
    if (w == 0.0) continue;
    const double* x = s.logits.data() + r * padded(kClasses);
    double z = 0.0;
    for (Index j = 0; j < kClasses; ++j) z += std::exp(x[j]);
    for (Index j = 0; j < kClasses; ++j) {
      const double q = (j == s.targets[static_cast<std::size_t>(r)] ? 1.0 - s.options.label_smoothing : 0.0) +
                       s.options.label_smoothing / static_cast<double>(kClasses);
      per_row[static_cast<std::size_t>(r)] -= q * (x[j] - std::log(z));
    }
    sum += w * per_row[static_cast<std::size_t>(r)];
    total += w;
  }
  return sum / total;
}

class MeanCrossEntropy : public ::testing::TestWithParam<Case> {};

TEST_P(MeanCrossEntropy, IsItsDefinitionAndHasItsGradient) {
  Setting setting(GetParam());
  std::vector<double> wanted_rows, rows(kRows);
  const double wanted = naive_loss(setting, wanted_rows);
  AlignedBuffer<double> gradient = setting.logits;
  const double got = mean_cross_entropy(kRows, kClasses, gradient.data(), setting.targets.data(),
                                        setting.options, rows.data());
  EXPECT_NEAR(got, wanted, 1e-14);
  for (std::size_t r = 0; r < rows.size(); ++r) EXPECT_NEAR(rows[r], wanted_rows[r], 1e-13);

  GradientCheck check;
  check_rows(setting.logits, gradient, kRows, kClasses, check,
             [&] { return naive_loss(setting, wanted_rows); });
  EXPECT_LE(check.worst, kGradientTolerance);
  EXPECT_EQ(check.compared, kRows * kClasses);
}

TEST_P(MeanCrossEntropy, IsTheSameInFloat) {
  Setting setting(GetParam());
  std::vector<double> rows;
  AlignedBuffer<float> logits(setting.logits.size());
  for (Index i = 0; i < logits.size(); ++i) {
    logits[i] = static_cast<float>(setting.logits[i]);
    setting.logits[i] = static_cast<double>(logits[i]);
  }
  const double wanted = naive_loss(setting, rows);
  EXPECT_NEAR(mean_cross_entropy(kRows, kClasses, logits.data(), setting.targets.data(), setting.options),
              wanted, 2e-6 * wanted);
}

INSTANTIATE_TEST_SUITE_P(All, MeanCrossEntropy, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(MeanCrossEntropy, WithoutOptionsHasTheBitsOfThePlainLoss) {
  AlignedBuffer<float> logits, again;
  Random(3).fill_rows(logits, 9, 13);
  again = logits;
  const std::vector<TokenId> targets = Random(4).tokens(9, 13);
  const double plain =
      cross_entropy(9, 13, logits.data(), targets.data(), static_cast<float>(1.0 / 9.0)) / 9.0;
  EXPECT_EQ(mean_cross_entropy(9, 13, again.data(), targets.data(), {}), plain);
  for (Index i = 0; i < logits.size(); ++i) EXPECT_EQ(logits[i], again[i]);
}

/// Rows that do not count may hold anything, not only finite numbers.
TEST(MeanCrossEntropy, DoesNotLookAtRowsThatDoNotCount) {
  for (const bool by_weight : {false, true}) {
    AlignedBuffer<float> few, many(5 * 8);
    Random(3).fill_rows(few, 3, 4);
    for (Index i = 0; i < 5 * 8; ++i) many[i] = NAN;
    for (Index r = 0; r < 3; ++r) std::copy_n(few.data() + r * 8, 8, many.data() + (r + 1) * 8);
    const TokenId all[] = {by_weight ? 0 : kIgnored, 3, 1, 2, by_weight ? 0 : kIgnored};
    const float weights[] = {0.0f, 1.0f, 1.0f, 1.0f, 0.0f};
    CrossEntropyOptions options;
    if (by_weight) options.weights = {.weights = weights};
    double rows[5];
    const double loss = mean_cross_entropy(5, 4, many.data(), all, options, rows);
    EXPECT_EQ(loss, mean_cross_entropy(3, 4, few.data(), all + 1, {}));
    for (Index i = 0; i < 8; ++i) {
      EXPECT_EQ(many[i], 0.0f);
      EXPECT_EQ(many[4 * 8 + i], 0.0f);
    }
    for (Index i = 0; i < 3 * 8; ++i) EXPECT_EQ(many[8 + i], few[i]);
    EXPECT_EQ(rows[0], 0.0);
    EXPECT_EQ(rows[4], 0.0);
  }
}

TEST(MeanCrossEntropy, RefusesToAverageNothing) {
  AlignedBuffer<double> logits;
  Random(1).fill_rows(logits, 2, 3);
  const AlignedBuffer<double> before = logits;
  const TokenId none[] = {kIgnored, kIgnored};
  expect_error(ErrorCode::kInvalidArgument, "none of the 2 rows counts",
               [&] { mean_cross_entropy(2, 3, logits.data(), none, {}); });
  for (Index i = 0; i < logits.size(); ++i) EXPECT_EQ(logits[i], before[i]);
}

TEST(MeanSquaredError, IsItsDefinitionAndHasItsGradient) {
  for (const bool weighs : {false, true}) {
    const std::vector<float> weights = {0.5f, 0.0f, 2.0f, 1.0f};
    AlignedBuffer<double> y;
    Random random(8);
    random.fill_rows(y, 4, 3);
    const Array<double> t = random.array<double>(4, 3);
    const RowWeights counts{.weights = weighs ? std::span<const float>(weights) : std::span<const float>()};
    const auto naive = [&] {
      double sum = 0.0, total = 0.0;
      for (Index r = 0; r < 4; ++r) {
        double squares = 0.0;
        for (Index j = 0; j < 3; ++j) squares += std::pow(y[r * 8 + j] - t(r, j), 2.0);
        sum += counts[r] * squares / 3.0;
        total += counts[r];
      }
      return sum / total;
    };
    AlignedBuffer<double> gradient = y;
    double rows[4];
    EXPECT_NEAR(mean_squared_error(4, 3, gradient.data(), t.data(), counts, rows), naive(), 1e-15);
    EXPECT_EQ(rows[1] == 0.0, weighs);
    for (Index r = 0; r < 4; ++r) {
      for (Index j = 3; j < 8; ++j) EXPECT_EQ(gradient[r * 8 + j], 0.0);
    }
    GradientCheck check;
    check_rows(y, gradient, 4, 3, check, naive);
    EXPECT_LE(check.worst, kGradientTolerance);
  }
}

}  // namespace
}  // namespace unroll::testing::mean_loss_test
