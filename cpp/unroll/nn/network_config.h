#pragma once

#include <cstdint>

#include "unroll/core/types.h"
#include "unroll/nn/cell.h"

namespace unroll {

enum class InitScheme { kPytorch, kXavier, kOrthogonal };  // see initialise()

/// What every recurrent network is made of, with the names of torch.nn.RNN, GRU and LSTM: layers of one cell
/// on top of each other, in one or two directions, and how their weights start.
struct NetworkConfig {
  CellKind cell = CellKind::kLstm;
  Index hidden_size = 0;  // H, of each layer and direction
  Index num_layers = 1;
  bool bidirectional = false;
  bool bias = true;
  double dropout = 0.0;  // probability of a zero, on the output of every layer but the last
  InitScheme init = InitScheme::kPytorch;
  double forget_bias =
      0.0;                 // added to bias_ih of every LSTM forget gate after the draw; PyTorch adds nothing
  std::uint64_t seed = 1;  // of the weights, and of dropout

  Index directions() const { return bidirectional ? 2 : 1; }
};

}  // namespace unroll
