#pragma once

#include <string>
#include <vector>

#include "unroll/nn/optimizer.h"
#include "unroll/nn/parameters.h"

namespace unroll {

/// A parameter as it leaves and enters: PyTorch's name, shape and row-major order, without padding.
struct Tensor {
  std::string name;
  std::vector<Index> shape;
  std::vector<float> data;
};

/// All parameters in the order of the state_dict.
std::vector<Tensor> export_values(const Parameters<float>& parameters);
std::vector<Tensor> export_gradients(const Parameters<float>& parameters);
/// An optimizer's moments, as "exp_avg.rnn.weight_ih_l0"; none before its first update.
std::vector<Tensor> export_moments(const Parameters<float>& parameters, const Optimizer<float>& optimizer);

/// Replaces all values. Names must match one to one and shapes exactly, and every number must be finite;
/// otherwise throws Error(kMissingTensor, kShapeMismatch or kNotFinite) naming the tensor, and nothing is
/// changed.
void import_values(const std::vector<Tensor>& tensors, Parameters<float>& parameters);

/// 64-bit FNV-1a over the float32 bits of all values in the order of the state_dict, low byte first.
/// It does not depend on layout or padding; a NaN counts as 0x7fc00000 whatever its bits.
std::uint64_t fingerprint(const Parameters<float>& parameters);

}  // namespace unroll
