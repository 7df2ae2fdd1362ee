#include "unroll/nn/gradient_sum.h"

#include <cstring>

namespace unroll {
namespace {

// What comes from elsewhere is not aligned as our own blocks are.
typedef float Four __attribute__((vector_size(4 * sizeof(float))));

Four load_four(const float* from) {
  Four four;
  std::memcpy(&four, from, sizeof four);
  return four;
}

}  // namespace

void scale_gradients(Parameters<float>& parameters, float factor) {
  AlignedBuffer<float>& gradients = parameters.gradients();
  for (Index i = 0; i < gradients.size(); ++i) gradients.data()[i] *= factor;
}

void sum_gradients(std::span<const std::span<const float>> blocks, Parameters<float>& parameters) {
  AlignedBuffer<float>& gradients = parameters.gradients();
  // Whole vectors: every parameter is padded to a multiple of four numbers.
  for (Index i = 0; i < gradients.size(); i += 4) {
    Four sum = load_four(blocks[0].data() + i);
    for (std::size_t k = 1; k < blocks.size(); ++k) sum += load_four(blocks[k].data() + i);
    std::memcpy(gradients.data() + i, &sum, sizeof sum);
  }
}

}  // namespace unroll
