#pragma once

#include "unroll/core/types.h"

namespace unroll {

/// The largest of at least one number.
template <class S>
S largest(Index size, const S* values);

/// One row of a softmax: p[j] = exp(x[j] - m) / s with m = max x and s = sum exp(x[j] - m).
struct SoftmaxRow {
  double max;
  double log_sum;  // ln s, so that ln p[j] = x[j] - max - log_sum
};

/// Softmax over `size` logits, written to `probabilities` (may be the same array), each times `scale`.
/// Both arrays have padded(size) places; the padding is ignored and set to zero.
template <class S>
SoftmaxRow softmax(Index size, const S* logits, S scale, S* probabilities);

/// Softmax cross-entropy, as torch.nn.functional.cross_entropy: for each row
///
///   loss = -ln p[target]        p = softmax(logits)
///
/// Logits: rows of padded(classes) numbers. They are overwritten by the gradient of scale * (sum of the
/// losses), which is scale * (p - onehot(target)). Returns the sum of the losses in nats, added up in double,
/// in order. With scale = 1 / rows that is the gradient of PyTorch's mean.
template <class S>
double cross_entropy(Index rows, Index classes, S* logits, const TokenId* targets, S scale);

/// The losses alone: writes ln p[target] of each row and returns the sum of -ln p. Logits are overwritten.
template <class S>
double log_likelihood(Index rows, Index classes, S* logits, const TokenId* targets, double* log_probs);

}  // namespace unroll
