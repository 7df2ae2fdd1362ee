import { refuse } from '../arguments/fields.js';
import type { Cell } from '../cells.js';
import { CELL_NAMES, CELLS } from '../cells.js';
import { UnrollError } from '../errors.js';

/** `'rnn'` is short for `'rnn_tanh'`, as in `torch.nn.RNN`. */
export type CellName = Cell | 'rnn';

export function aCell(where: string, value: unknown): Cell {
  if (value === 'rnn') return 'rnn_tanh';
  return CELL_NAMES.find((cell) => cell === value) ?? refuse(where, value, knownCells());
}

/** "lstm, gru, rnn, rnn_tanh or rnn_relu" */
const knownCells = (): string =>
  CELL_NAMES.join(', ')
    .replace('rnn_tanh', 'rnn, $&')
    .replace(/, (\w+)$/, ' or $1');

/** Throws unless the cell has a second state. */
export function refuseCellState(where: string, cell: Cell): void {
  if (CELLS[cell].states === 'hc') return;
  const others = CELL_NAMES.filter((name) => CELLS[name].states === 'hc').join(' or ');
  throw new UnrollError(
    'INVALID_ARGUMENT',
    `${where} is given, but only an ${others} has a cell state and this is a ${cell}`,
  );
}
