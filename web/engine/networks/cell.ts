import { UnrollError } from '../errors.js';
import { refuse } from '../arguments/fields.js';

/**
 * The kinds of recurrent cells, each as PyTorch computes it. x[t] is the input, h[t] the hidden state, .* the product of
 * elements.
 *
 *   rnn_tanh, rnn_relu
 *     h[t] = act(W_ih x[t] + b_ih + W_hh h[t-1] + b_hh)
 *   lstm
 *     i, f, g, o = split(W_ih x[t] + b_ih + W_hh h[t-1] + b_hh)
 *     c[t] = sigmoid(f) .* c[t-1] + sigmoid(i) .* tanh(g)
 *     h[t] = sigmoid(o) .* tanh(c[t])
 *   gru
 *     r, z = sigmoid(split(W_i x[t] + b_i + W_h h[t-1] + b_h))
 *     n    = tanh(W_in x[t] + b_in + r .* (W_hn h[t-1] + b_hn))
 *     h[t] = (1 - z) .* n + z .* h[t-1]
 *
 * Gate blocks are stacked in the rows of a weight: i, f, g, o for the LSTM, r, z, n for the GRU.
 *
 * Source: Elman, 1990; Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000; Cho et al., 2014, in the
 * variant of https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
 */
export type Cell = 'lstm' | 'gru' | 'rnn_tanh' | 'rnn_relu';

/** `'rnn'` is short for `'rnn_tanh'`, as in `torch.nn.RNN`. */
export type CellName = Cell | 'rnn';

const CELLS: readonly Cell[] = ['lstm', 'gru', 'rnn_tanh', 'rnn_relu'];

export function aCell(where: string, value: unknown): Cell {
  if (value === 'rnn') return 'rnn_tanh';
  return CELLS.find((cell) => cell === value) ?? refuse(where, value, 'lstm, gru, rnn, rnn_tanh or rnn_relu');
}

/** Throws unless the cell has a second state. */
export function refuseCellState(where: string, cell: Cell): void {
  if (cell === 'lstm') return;
  throw new UnrollError(
    'INVALID_ARGUMENT',
    `${where} is given, but only an lstm has a cell state and this is a ${cell}`,
  );
}

/** The rows of a weight are this many blocks of hidden_size. */
export const GATES: Readonly<Record<Cell, number>> = { lstm: 4, gru: 3, rnn_tanh: 1, rnn_relu: 1 };
