#include <Eigen/Core>

#include "unroll/math/gemm.h"

namespace unroll {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Panel = Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, kPanelWidth, Eigen::RowMajor>>;
using ConstPanel = Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, kPanelWidth, Eigen::RowMajor>>;
using Rows = Eigen::Map<RowMajor, 0, Eigen::OuterStride<>>;
using ConstRows = Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>;

}  // namespace

template <>
void multiply(Start start, Index m_size, Index n_size, Index k_size, const double* a, Index lda,
              const double* panels, double* c, Index ldc) {
  const ConstRows left(a, m_size, k_size, Eigen::OuterStride<>(lda));
  for (Index n = 0; n < n_size; n += kPanelWidth) {
    Rows result(c + n, m_size, kPanelWidth, Eigen::OuterStride<>(ldc));
    const ConstPanel panel(panels + n * k_size, k_size, kPanelWidth);
    if (start == Start::kAdd) {
      result.noalias() += left * panel;
    } else {
      result.noalias() = left * panel;
    }
  }
}

template <>
void accumulate_outer(Index m_size, Index n_size, Index k_size, const double* d, Index ldd, const double* x,
                      Index ldx, double* panels, OuterScratch<double>&) {
  const ConstRows inputs(x, m_size, k_size, Eigen::OuterStride<>(ldx));
  for (Index n = 0; n < n_size; n += kPanelWidth) {
    const ConstRows gradients(d + n, m_size, kPanelWidth, Eigen::OuterStride<>(ldd));
    Panel(panels + n * k_size, k_size, kPanelWidth).noalias() += inputs.transpose() * gradients;
  }
}

template <>
void accumulate_columns(Index m_size, Index n_size, const double* d, Index ldd, double* sums) {
  const ConstRows gradients(d, m_size, n_size, Eigen::OuterStride<>(ldd));
  Eigen::Map<Eigen::RowVectorXd>(sums, n_size) += gradients.colwise().sum();
}

}  // namespace unroll
