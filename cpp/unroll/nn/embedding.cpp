#include "unroll/nn/embedding.h"

#include <algorithm>

#include "unroll/math/lanes.h"

namespace unroll {

template <class S>
Embedding<S>::Embedding(Index vocab_size, Index embedding_dim, const std::string& prefix,
                        Parameters<S>& parameters, TokenId padding_idx)
    : embedding_dim_(embedding_dim), padding_idx_(padding_idx) {
  weight_ = parameters.add(
      {.name = prefix + "weight",
       .layout = {
           .kind = LayoutKind::kRows, .rows = vocab_size, .cols = embedding_dim, .block_rows = vocab_size}});
}

template <class S>
void Embedding<S>::forward(const Parameters<S>& parameters, Index rows, const TokenId* tokens, S* out) const {
  const S* weight = parameters.value(weight_);
  for (Index r = 0; r < rows; ++r) std::copy_n(weight + tokens[r] * stride(), stride(), out + r * stride());
}

/// A token's row is copied to every place where the token stands; its gradient is the sum over these places.
template <class S>
void Embedding<S>::backward(Parameters<S>& parameters, Index rows, const TokenId* tokens,
                            const S* d_out) const {
  S* gradient = parameters.gradient(weight_);
  for (Index r = 0; r < rows; ++r) {
    if (tokens[r] == padding_idx_) continue;
    S* to = gradient + tokens[r] * stride();
    const S* from = d_out + r * stride();
    for (Index j = 0; j < stride(); j += Lanes<S>::kWidth) store(to + j, load(to + j) + load(from + j));
  }
}

template class Embedding<float>;
template class Embedding<double>;

}  // namespace unroll
