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

/** What is known of a cell before anything is computed. */
export interface CellFacts {
  /** What links and the command line call it. */
  readonly word: string;
  /** A weight has so many blocks of hidden_size rows (G). */
  readonly blocks: number;
  /** The letters of the blocks in the order of the rows, where they are something else than the state itself. */
  readonly gates: string;
  /** The letters of the states that it hands on: c is a cell state beside h. */
  readonly states: 'h' | 'hc';
}

/**
 * The table of cells, which every part may know. The engine has its own in `cpp/unroll/nn/cell.cpp`, and a test walks both.
 * Of cells with as many blocks the first is what a file without a name for its cell is taken for.
 */
export const CELLS = {
  lstm: { word: 'lstm', blocks: 4, gates: 'ifgo', states: 'hc' },
  gru: { word: 'gru', blocks: 3, gates: 'rzn', states: 'h' },
  rnn_tanh: { word: 'rnn', blocks: 1, gates: '', states: 'h' },
  rnn_relu: { word: 'rnn-relu', blocks: 1, gates: '', states: 'h' },
} as const satisfies Readonly<Record<Cell, CellFacts>>;

/** In the order of the table. */
export const CELL_NAMES = Object.keys(CELLS) as readonly Cell[];

/** What links and the command line call the cells. */
export type CellWord = (typeof CELLS)[Cell]['word'];

export const cellOfWord = (word: CellWord): Cell => CELL_NAMES.find((name) => CELLS[name].word === word)!;

/** What is known of the cell of this word. */
export const factsOf = (word: CellWord): CellFacts => CELLS[cellOfWord(word)];
