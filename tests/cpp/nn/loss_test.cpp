#include "unroll/nn/loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/distance.h"
#include "support/random.h"

namespace unroll::testing::loss_test {
namespace {

/// Softmax of one row by its definition.
std::vector<double> naive_softmax(const double* logits, Index size) {
  double max = logits[0], sum = 0.0;
  for (Index j = 0; j < size; ++j) max = std::max(max, logits[j]);
  for (Index j = 0; j < size; ++j) sum += std::exp(logits[j] - max);
  std::vector<double> p;
  for (Index j = 0; j < size; ++j) p.push_back(std::exp(logits[j] - max) / sum);
  return p;
}

template <class S>
void compare_cross_entropy(Index rows, Index classes, double tolerance) {
  SCOPED_TRACE(std::to_string(rows) + " rows of " + std::to_string(classes));
  Random random(11);
  AlignedBuffer<S> logits;
  random.fill_rows(logits, rows, classes);
  for (Index i = 0; i < logits.size(); ++i) logits[i] *= S(6);
  const std::vector<TokenId> targets = random.tokens(rows, classes);
  const double scale = 1.0 / static_cast<double>(rows);

  double loss = 0.0;
  Array<double> gradient(rows, padded(classes)), log_probs(rows, 1);
  for (Index r = 0; r < rows; ++r) {
    std::vector<double> row(logits.data() + r * padded(classes),
                            logits.data() + r * padded(classes) + classes);
    const std::vector<double> p = naive_softmax(row.data(), classes);
    const Index target = targets[static_cast<std::size_t>(r)];
    for (Index j = 0; j < classes; ++j)
      gradient(r, j) = scale * (p[static_cast<std::size_t>(j)] - (j == target ? 1.0 : 0.0));
    log_probs[r] = std::log(p[static_cast<std::size_t>(target)]);
    loss -= log_probs[r];
  }
  AlignedBuffer<S> engine_gradient = logits;
  const double engine_loss =
      cross_entropy(rows, classes, engine_gradient.data(), targets.data(), static_cast<S>(scale));
  Array<double> engine_log_probs(rows, 1);
  const double likelihood =
      log_likelihood(rows, classes, logits.data(), targets.data(), engine_log_probs.data());

  if (classes == 1) {
    EXPECT_EQ(engine_loss, 0.0);
    EXPECT_EQ(likelihood, 0.0);
    return;
  }
  Distances distances(tolerance);
  distances.expect("gradient", engine_gradient, gradient);
  distances.expect("log_probs", engine_log_probs, log_probs);
  EXPECT_NEAR(engine_loss / loss, 1.0, tolerance);
  EXPECT_EQ(likelihood, engine_loss);
}

TEST(CrossEntropy, AgreesWithItsDefinition) {
  for (Index rows : {1, 3, 10}) {
    for (Index classes : {1, 2, 3, 4, 5, 8, 9, 65, 128}) {
      compare_cross_entropy<double>(rows, classes, 1e-13);
      compare_cross_entropy<float>(rows, classes, 2e-6);
    }
  }
}

TEST(CrossEntropy, IsFiniteAndExactWhereProbabilitiesVanish) {
  AlignedBuffer<float> logits(16);
  logits[0] = 1000.0f;
  logits[1] = -1000.0f;
  logits[8] = -3000.0f;
  logits[9] = -3000.0f;
  const TokenId targets[] = {1, 0};
  EXPECT_NEAR(cross_entropy(2, 2, logits.data(), targets, 1.0f), 2000.0 + std::log(2.0), 1e-6);
  EXPECT_NEAR(logits[0], 1.0f, 1e-6f);
  EXPECT_NEAR(logits[1], -1.0f, 1e-6f);
  EXPECT_NEAR(logits[8], -0.5f, 1e-6f);
}

TEST(CrossEntropy, TellsOfANotANumberAnywhereInARow) {
  for (Index at = 0; at < 5; ++at) {
    AlignedBuffer<float> logits(8);
    logits[at] = NAN;
    const TokenId target[] = {2};
    EXPECT_TRUE(std::isnan(cross_entropy(1, 5, logits.data(), target, 1.0f))) << at;
  }
}

TEST(Softmax, IgnoresThePaddingAndClearsIt) {
  for (Index size : {1, 3, 4, 5, 7}) {
    AlignedBuffer<float> clean(8), dirty(8), p(8), q(8);
    for (Index j = 0; j < 8; ++j) {
      clean[j] = j < size ? static_cast<float>(j) : 0.0f;
      dirty[j] = j < size ? static_cast<float>(j) : 1e30f;
    }
    softmax(size, clean.data(), 1.0f, p.data());
    softmax(size, dirty.data(), 1.0f, q.data());
    float sum = 0.0f;
    for (Index j = 0; j < 8; ++j) {
      EXPECT_EQ(p[j], q[j]);
      if (j >= size) {
        EXPECT_EQ(p[j], 0.0f);
      }
      sum += p[j];
    }
    EXPECT_NEAR(sum, 1.0f, 1e-6f);
  }
}

TEST(Softmax, DoesNotChangeWhenAllLogitsAreShifted) {
  AlignedBuffer<double> logits(8), shifted(8), p(8), q(8);
  for (Index j = 0; j < 6; ++j) {
    logits[j] = 0.25 * static_cast<double>(j);
    shifted[j] = logits[j] + 512.0;
  }
  const SoftmaxRow a = softmax(6, logits.data(), 2.0, p.data());
  const SoftmaxRow b = softmax(6, shifted.data(), 2.0, q.data());
  for (Index j = 0; j < 8; ++j) EXPECT_EQ(p[j], q[j]);
  EXPECT_EQ(b.max - a.max, 512.0);
  EXPECT_EQ(b.log_sum, a.log_sum);
}

}  // namespace
}  // namespace unroll::testing::loss_test
