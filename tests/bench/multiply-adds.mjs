const GATES = { lstm: 4, gru: 3, rnn: 1 };

/**
 * Multiply-adds of the matrix products for one step of one sequence, which is what a path should cost; look-ups,
 * gates, losses and updates count nothing.
 *
 *   a layer in one direction   G*H * (features it reads + H), where one-hot tokens are looked up and have 0 features
 *   the head                   outputs * D*H
 *
 * Forward counts once. Backward adds twice as much, the gradients by the inputs and by the weights; only the first layer's
 * input needs no gradient when nobody asks for it.
 */
export function multiplyAdds({ cell = 'lstm', hidden, layers = 1, directions = 1, features = 0, outputs = 0 }, pass) {
  const { backward = false, byInput = true } = pass;
  const rows = GATES[cell] * hidden * directions;
  const first = rows * features;
  const others = rows * hidden + (layers - 1) * rows * (directions + 1) * hidden + outputs * directions * hidden;
  return backward ? (byInput ? 3 : 2) * first + 3 * others : first + others;
}
