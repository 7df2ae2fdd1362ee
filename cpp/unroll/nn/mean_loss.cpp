#include "unroll/nn/mean_loss.h"

#include <algorithm>
#include <string>

#include "unroll/core/error.h"
#include "unroll/nn/loss.h"

namespace unroll {
namespace {

/// The sum of what the rows count.
template <class Weight>
double total_weight(const char* who, Index rows, Weight&& weight) {
  double total = 0.0;
  for (Index r = 0; r < rows; ++r) total += weight(r);
  if (!(total > 0.0)) {
    throw Error(ErrorCode::kInvalidArgument,
                std::string(who) + ": none of the " + std::to_string(rows) +
                    " rows counts, expected at least one with a weight and a target that is not ignored");
  }
  return total;
}

/// The loss of one row; the row becomes `scale` times its gradient.
///
/// With label smoothing the loss is that of the target and a correction, in which the softmax cancels:
///   (1 - s) (z - x[y]) + s (z - mean x) = (z - x[y]) + s (x[y] - mean x)        z = ln sum exp x
template <class S>
double row_cross_entropy(Index classes, S* row, TokenId target, double smoothing, S scale) {
  double correction = 0.0;
  if (smoothing > 0.0) {
    double sum = 0.0;
    for (Index j = 0; j < classes; ++j) sum += static_cast<double>(row[j]);
    correction = smoothing * (static_cast<double>(row[target]) - sum / static_cast<double>(classes));
  }
  const double loss = cross_entropy(1, classes, row, &target, scale);
  if (smoothing > 0.0) {
    row[target] += scale * static_cast<S>(smoothing);
    const S share = scale * static_cast<S>(smoothing / static_cast<double>(classes));
    for (Index j = 0; j < classes; ++j) row[j] -= share;
  }
  return loss + correction;
}

}  // namespace

template <class S>
double mean_cross_entropy(Index rows, Index classes, S* logits, const TokenId* targets,
                          const CrossEntropyOptions& options, double* row_losses) {
  const auto weight = [&](Index r) { return targets[r] == options.ignore_index ? 0.0 : options.weights[r]; };
  const double total = total_weight("cross_entropy", rows, weight);
  double sum = 0.0;
  for (Index r = 0; r < rows; ++r) {
    S* row = logits + r * padded(classes);
    const double w = weight(r);
    double loss = 0.0;
    if (w > 0.0) {
      loss = row_cross_entropy(classes, row, targets[r], options.label_smoothing, static_cast<S>(w / total));
      sum += w * loss;
    } else {
      std::fill_n(row, padded(classes), S(0));
    }
    if (row_losses != nullptr) row_losses[r] = loss;
  }
  return sum / total;
}

/// Of a row of F numbers with weight w, of W in all: w / W * sum (y[j] - t[j])^2 / F, whose derivative by
/// y[j] is w / W * 2 (y[j] - t[j]) / F.
template <class S>
double mean_squared_error(Index rows, Index features, S* y, const S* targets, const RowWeights& weights,
                          double* row_losses) {
  const double total = total_weight("mean_squared_error", rows, [&](Index r) { return weights[r]; });
  const auto size = static_cast<double>(features);
  double sum = 0.0;
  for (Index r = 0; r < rows; ++r) {
    S* row = y + r * padded(features);
    const S* target = targets + r * features;
    const double w = weights[r];
    double squares = 0.0;
    for (Index j = 0; w > 0.0 && j < features; ++j) {
      const double error = static_cast<double>(row[j]) - static_cast<double>(target[j]);
      squares += error * error;
      row[j] = static_cast<S>(w / total * 2.0 * error / size);
    }
    std::fill(row + (w > 0.0 ? features : 0), row + padded(features), S(0));
    sum += w * (squares / size);
    if (row_losses != nullptr) row_losses[r] = squares / size;
  }
  return sum / total;
}

template double mean_cross_entropy(Index, Index, float*, const TokenId*, const CrossEntropyOptions&, double*);
template double mean_cross_entropy(Index, Index, double*, const TokenId*, const CrossEntropyOptions&,
                                   double*);
template double mean_squared_error(Index, Index, float*, const float*, const RowWeights&, double*);
template double mean_squared_error(Index, Index, double*, const double*, const RowWeights&, double*);

}  // namespace unroll
