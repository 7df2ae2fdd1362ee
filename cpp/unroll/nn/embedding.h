#pragma once

#include <string>

#include "unroll/nn/parameters.h"

namespace unroll {

/// A vector for each token, as torch.nn.Embedding.      weight (V, E), standard normal at the start
template <class S>
class Embedding {
 public:
  /// Adds prefix + "weight". Gradients of the row `padding_idx` are dropped, as PyTorch does; -1: there is
  /// none.
  Embedding(Index vocab_size, Index embedding_dim, const std::string& prefix, Parameters<S>& parameters,
            TokenId padding_idx = -1);

  Index stride() const { return padded(embedding_dim_); }

  /// out[r] = weight[tokens[r]], rows of stride() numbers.
  void forward(const Parameters<S>& parameters, Index rows, const TokenId* tokens, S* out) const;

  /// Adds d_out[r] to the gradient of row tokens[r], in rising order of r.
  void backward(Parameters<S>& parameters, Index rows, const TokenId* tokens, const S* d_out) const;

 private:
  Index embedding_dim_;
  TokenId padding_idx_;
  Index weight_;
};

extern template class Embedding<float>;
extern template class Embedding<double>;

}  // namespace unroll
