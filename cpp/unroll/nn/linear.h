#pragma once

#include <string>

#include "unroll/math/gemm.h"
#include "unroll/nn/parameters.h"

namespace unroll {

/// y = W x + b, as torch.nn.Linear.        weight (out, in)   bias (out)
///
/// Rows of x are `stride` numbers apart, rows of y padded(out); the padding of y is zero.
template <class S>
class Linear {
 public:
  /// Adds prefix + "weight" and prefix + "bias", both uniform in +-1/sqrt(in).
  Linear(Index in, Index out, const std::string& prefix, Parameters<S>& parameters);

  Index output_stride() const { return padded(out_); }

  void forward(const Parameters<S>& parameters, Index rows, const S* x, Index stride, S* y) const;

  /// Adds the gradients of weight and bias; writes d_x, rows of padded(in) numbers.
  void backward(Parameters<S>& parameters, Index rows, const S* x, Index stride, const S* d_y, S* d_x);

 private:
  Index in_;
  Index out_;
  Index weight_;
  Index bias_;
  std::uint64_t transposed_version_ = 0;
  AlignedBuffer<S> transposed_;  // [padded(in)/8][padded(out)][8]
  OuterScratch<S> scratch_;
};

extern template class Linear<float>;
extern template class Linear<double>;

}  // namespace unroll
