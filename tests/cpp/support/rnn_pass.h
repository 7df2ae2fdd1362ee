#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/array.h"
#include "support/random.h"
#include "support/state_dict.h"
#include "unroll/model/rnn.h"

namespace unroll::testing {

/// What a pass through an Rnn reads, in PyTorch's shapes with (T * B) or (L * D * B) rows.
template <class S>
struct RnnInput {
  Index seq_len, batch_size;
  Array<S> x, h_0, c_0;
  Array<S> g_output, g_h_n, g_c_n;  // gradients of the loss by the results
  std::vector<Index> lengths = {};

  static RnnInput random(std::uint64_t seed, const RnnConfig& config, Index seq_len, Index batch_size) {
    Random numbers(seed);
    const Index directions = config.network.bidirectional ? 2 : 1;
    const Index states = config.network.num_layers * directions * batch_size;
    const auto draw = [&](Index rows, Index cols) { return numbers.array<S>(rows, cols); };
    RnnInput input{seq_len, batch_size, {}, {}, {}, {}, {}, {}};
    input.x = draw(seq_len * batch_size, config.input_size);
    input.h_0 = draw(states, config.network.hidden_size);
    input.c_0 = draw(states, config.network.hidden_size);
    input.g_output = draw(seq_len * batch_size, directions * config.network.hidden_size);
    input.g_h_n = draw(states, config.network.hidden_size);
    input.g_c_n = draw(states, config.network.hidden_size);
    return input;
  }
};

/// What comes out, forward and back.
template <class S>
struct RnnPass {
  Array<S> output, h_n, c_n;
  Array<S> d_x, d_h_0, d_c_0;
  std::map<std::string, Array<double>> gradients;
};

template <class S>
RnnPass<S> run(Rnn<S>& rnn, const RnnInput<S>& in, Dropout dropout = Dropout::kOff) {
  const auto like = [](const Array<S>& array) { return Array<S>(array.rows(), array.cols()); };
  RnnPass<S> out{like(in.g_output), like(in.h_0), like(in.c_0), like(in.x), like(in.h_0), like(in.c_0), {}};
  rnn.forward({in.seq_len, in.batch_size, in.x.data(), in.h_0.data(), in.c_0.data(), in.lengths}, dropout,
              nullptr, out.output.data(), out.h_n.data(), out.c_n.data());
  rnn.backward(in.g_output.data(), in.g_h_n.data(), in.g_c_n.data(), out.d_x.data(), out.d_h_0.data(),
               out.d_c_0.data());
  for (Index id = 0; id < rnn.parameters().count(); ++id) {
    out.gradients[rnn.parameters().spec(id).name] = gradient_of(rnn.parameters(), id);
  }
  return out;
}

}  // namespace unroll::testing
