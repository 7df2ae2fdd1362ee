#pragma once

#include "unroll/core/aligned_buffer.h"
#include "unroll/core/types.h"

/// The two matrix products that everything is made of.
///
/// float runs on our own kernels, double on Eigen. In float each element of a result is one running sum,
/// started from what C or G held, over the terms in rising order of the summed index; in the strict build
/// every product and every sum is rounded once. So neither the number of rows, nor blocking, nor the tile an
/// element falls into changes a bit: a batch of 32 gives each sequence exactly what a batch of 1 gives it.
namespace unroll {

/// C[m][n] (+)= sum over k of A[m][k] * P[n][k]          m < m_size, n < n_size, k < k_size
///
/// A: m_size rows of k_size numbers, `lda` apart. panels: P as [n_size/8][k_size][8]. C: rows `ldc` apart.
/// n_size is a multiple of kPanelWidth. With Start::kAdd C is added to, with Start::kZero it is overwritten.
enum class Start { kZero, kAdd };

template <class S>
void multiply(Start start, Index m_size, Index n_size, Index k_size, const S* a, Index lda, const S* panels,
              S* c, Index ldc);

/// Where accumulate_outer() packs its operands; grows to a fixed size and is reused.
template <class S>
struct OuterScratch {
  AlignedBuffer<S> d;
  AlignedBuffer<S> x;
};

/// G[n][k] += sum over m of D[m][n] * X[m][k]            the gradient of a weight: D = dY, X = its input
///
/// D: m_size rows of n_size numbers, `ldd` apart; X: m_size rows of k_size numbers, `ldx` apart.
/// panels: G as [n_size/8][k_size][8].
template <class S>
void accumulate_outer(Index m_size, Index n_size, Index k_size, const S* d, Index ldd, const S* x, Index ldx,
                      S* panels, OuterScratch<S>& scratch);

/// sums[n] += sum over m of D[m][n], rows in rising order; the gradient of a bias.
template <class S>
void accumulate_columns(Index m_size, Index n_size, const S* d, Index ldd, S* sums);

}  // namespace unroll
