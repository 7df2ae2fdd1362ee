#include "unroll/nn/linear.h"

#include <algorithm>
#include <cmath>

namespace unroll {

template <class S>
Linear<S>::Linear(Index in, Index out, const std::string& prefix, Parameters<S>& parameters)
    : in_(in), out_(out) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(in));
  weight_ = parameters.add(
      {prefix + "weight", {.kind = LayoutKind::kPanels, .rows = out, .cols = in, .block_rows = out}, bound});
  bias_ =
      parameters.add({prefix + "bias", {.kind = LayoutKind::kVector, .rows = out, .block_rows = out}, bound});
}

template <class S>
void Linear<S>::forward(const Parameters<S>& parameters, Index rows, const S* x, Index stride, S* y) const {
  const Index width = output_stride();
  const S* bias = parameters.value(bias_);
  for (Index r = 0; r < rows; ++r) std::copy_n(bias, width, y + r * width);
  multiply(Start::kAdd, rows, width, in_, x, stride, parameters.value(weight_), y, width);
}

/// y = weight x + bias in every row, so with sums over the rows
///
///   d weight = sum dy transposed(x)     d bias = sum dy     dx = transposed(weight) dy
template <class S>
void Linear<S>::backward(Parameters<S>& parameters, Index rows, const S* x, Index stride, const S* d_y,
                         S* d_x) {
  const Index width = output_stride();
  if (transposed_version_ != parameters.version()) {
    transposed_version_ = parameters.version();
    transposed_.resize(padded(in_) * width);
    transpose_panels(width, in_, parameters.value(weight_), transposed_.data());
  }
  accumulate_outer(rows, width, in_, d_y, width, x, stride, parameters.gradient(weight_), scratch_);
  accumulate_columns(rows, width, d_y, width, parameters.gradient(bias_));
  multiply(Start::kZero, rows, padded(in_), width, d_y, width, transposed_.data(), d_x, padded(in_));
}

template class Linear<float>;
template class Linear<double>;

}  // namespace unroll
