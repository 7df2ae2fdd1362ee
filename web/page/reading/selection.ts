/** What every lens shows: a character of the reading, a layer, a unit of it, and one of its gates. There is always exactly one. */
export interface Selection {
  /** Characters of the reading before it. */
  readonly position: number;
  /** From the lowest up. */
  readonly layer: number;
  readonly unit: number;
  /** By its letter: i, f, g, o of an LSTM, r, z, n of a GRU; h and c are the states. */
  readonly gate: string;
}

export const FIRST: Selection = { position: 0, layer: 0, unit: 0, gate: 'h' };

/** How much there is to select from. */
export interface Bounds {
  readonly positions: number;
  readonly layers: number;
  readonly units: number;
}

/** By how much a key moves in the reading and among the units. */
const MOVES: Readonly<Record<string, readonly [position: number, unit: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

/** The selection after a key; null for a key that does not move it. */
export function moved(selection: Selection, key: string, bounds: Bounds): Selection | null {
  const move = Object.hasOwn(MOVES, key) ? MOVES[key] : undefined;
  if (move === undefined) return null;
  const [position, unit] = move;
  return within({ ...selection, position: selection.position + position, unit: selection.unit + unit }, bounds);
}

/** The nearest one that there is: a link may come from a larger network, or from a longer reading. */
export function within({ position, layer, unit, gate }: Selection, { positions, layers, units }: Bounds): Selection {
  return { position: clamp(position, positions), layer: clamp(layer, layers), unit: clamp(unit, units), gate };
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(value, count - 1));
