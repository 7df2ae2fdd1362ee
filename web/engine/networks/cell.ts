import { oneOf } from '../arguments/fields.js';
import type { Cell } from '../cells.js';
import { CELL_NAMES, CELLS } from '../cells.js';
import { UnrollError } from '../errors.js';

/** `'rnn'` is short for `'rnn_tanh'`, as in `torch.nn.RNN`. */
export type CellName = Cell | 'rnn';

const aName = oneOf([...CELL_NAMES, 'rnn']);

export function aCell(where: string, value: unknown): Cell {
  const name = aName(where, value);
  return name === 'rnn' ? 'rnn_tanh' : name;
}

/** Throws unless the cell has a second state. */
export function refuseCellState(where: string, cell: Cell): void {
  if (CELLS[cell].states === 'hc') return;
  const others = CELL_NAMES.filter((name) => CELLS[name].states === 'hc').join(' or ');
  throw new UnrollError(
    'INVALID_ARGUMENT',
    `${where} is given, but only an ${others} has a cell state and this is a ${cell}`,
  );
}
