#pragma once

#include <optional>
#include <string_view>

#include "unroll/nn/network_config.h"
#include "unroll/nn/parameters.h"

namespace unroll {

/// "pytorch", "xavier", "orthogonal".
std::optional<InitScheme> init_scheme(std::string_view name);
std::string_view to_string(InitScheme scheme);

/// How the parameters of a model start.
///
///   kPytorch     what torch.nn's modules do: recurrent weights and biases U(-a, a) with a = 1/sqrt(H), heads
///                a = 1/sqrt(in), embeddings standard normal
///   kXavier      every weight matrix U(-a, a) with a = sqrt(6 / (fan_in + fan_out)), so that signals keep
///                their variance forward and backward; gate blocks are matrices of their own, fan_out = H.
///                Biases zero, embeddings standard normal. Glorot and Bengio, 2010
///   kOrthogonal  as kXavier, but each gate block of weight_hh (H, H) is orthogonal, so that a linear
///                recurrence keeps its length. Drawn evenly from all orthogonal matrices: Gram-Schmidt on the
///                rows of a normal draw, with the sign that leaves a positive diagonal in R. Saxe et al.,
///                2014
///
/// forget_bias is added to bias_ih of every LSTM forget gate after the draw: at 1 or more a cell begins by
/// remembering. Jozefowicz et al., 2015
///
/// Every parameter is drawn anew from config.seed, in the order of the state_dict and row by row: the same
/// seed gives the same bits.
template <class S>
void initialise(const NetworkConfig& config, Parameters<S>& parameters);

}  // namespace unroll
