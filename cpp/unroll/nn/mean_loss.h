#pragma once

#include <span>

#include "unroll/core/types.h"

/// Losses over rows, averaged over the rows that count. What a loss is computed from is overwritten by its
/// gradient, so that a training step needs no second array.
namespace unroll {

/// Which rows count, and how much. Rows that do not count change neither loss nor gradient by a bit, whatever
/// is in them: their gradient is zero.
struct RowWeights {
  std::span<const float> weights = {};  // one for each row, from 0 on; empty: every row counts 1

  double operator[](Index row) const {
    return weights.empty() ? 1.0 : static_cast<double>(weights[static_cast<std::size_t>(row)]);
  }
};

/// The arguments of torch.nn.functional.cross_entropy, and weights by row.
struct CrossEntropyOptions {
  TokenId ignore_index = -100;   // rows with this target do not count
  double label_smoothing = 0.0;  // s, from 0 to 1; Szegedy et al., 2016
  RowWeights weights;
};

/// Cross-entropy of logits and targets, averaged over the rows that count:
///
///   p       = softmax(logits[r])    y = targets[r]
///   loss[r] = (1 - s) * -ln p[y] + s * mean over j of -ln p[j]
///   loss    = sum of w[r] loss[r] / sum of w[r]        over rows whose target is not ignored
///
/// In nats. Logits: rows of padded(classes) numbers; they are overwritten by
/// w[r] / (sum of w) * (p - (1 - s) onehot(y) - s / classes). row_losses gets loss[r], 0 where it does not
/// count, and may be null. The sums are in double, in order.
///
/// Throws Error(kInvalidArgument) when no row counts, for there is no mean of nothing (PyTorch says NaN); the
/// logits are then as they were.
template <class S>
double mean_cross_entropy(Index rows, Index classes, S* logits, const TokenId* targets,
                          const CrossEntropyOptions& options, double* row_losses = nullptr);

/// Mean squared error, averaged over the features and the rows that count, as torch.nn.functional.mse_loss:
///
///   loss[r] = mean over j of (y[j] - t[j])^2        loss = sum of w[r] loss[r] / sum of w[r]
///
/// y: rows of padded(features) numbers, overwritten by w[r] / (sum of w) * 2 (y - t) / features; their
/// padding becomes zero. targets: rows of `features` numbers. Otherwise as mean_cross_entropy().
template <class S>
double mean_squared_error(Index rows, Index features, S* y, const S* targets, const RowWeights& weights,
                          double* row_losses = nullptr);

}  // namespace unroll
