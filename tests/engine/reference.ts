import type { StateDict, Tensor } from '../../web/engine/index.js';

/** The equations of the documentation, written out slowly in double precision: what the engine is compared with. */

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export function softmax(logits: ArrayLike<number>): number[] {
  const all = Array.from(logits);
  const top = Math.max(...all);
  const powers = all.map((x) => Math.exp(x - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

/** The last axis in pieces. */
export function rowsOf({ shape, data }: Tensor): Float32Array[] {
  const size = shape.at(-1)!;
  return Array.from({ length: data.length / size }, (_, r) => data.subarray(r * size, (r + 1) * size));
}

export const norm = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0));

/** W x + b for a weight (rows, columns). */
export function affine(weight: Tensor, x: ArrayLike<number>, bias?: Tensor): number[] {
  return rowsOf(weight).map((row, i) => row.reduce((sum, w, j) => sum + w * x[j]!, bias?.data[i] ?? 0));
}

export interface LstmStep {
  readonly gates: readonly number[][];
  readonly h: number[];
  readonly c: number[];
}

/** One LSTM step with the parameters of a layer: i, f, g, o = split(W_ih x + b_ih + W_hh h + b_hh). */
export function lstmStep(weights: StateDict, layer: string, x: ArrayLike<number>, h: number[], c: number[]): LstmStep {
  const get = (name: string): Tensor => weights.get(`${name}_${layer}`)!;
  const fromInput = affine(get('weight_ih'), x, get('bias_ih'));
  const sums = affine(get('weight_hh'), h, get('bias_hh')).map((sum, j) => sum + fromInput[j]!);
  const H = h.length;
  const block = (g: number): number[] => sums.slice(g * H, (g + 1) * H);
  const i = block(0).map(sigmoid);
  const f = block(1).map(sigmoid);
  const g = block(2).map(Math.tanh);
  const o = block(3).map(sigmoid);
  const next = c.map((old, j) => f[j]! * old + i[j]! * g[j]!);
  return { gates: [i, f, g, o], c: next, h: next.map((own, j) => o[j]! * Math.tanh(own)) };
}

/** Asks that two lists of numbers are as close as float32 arithmetic of this size makes them. */
export function closeTo(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-6): void {
  const worst = Array.from(expected).reduce(
    (most, value, i) => Math.max(most, Math.abs(got[i]! - value) / Math.max(1, Math.abs(value))),
    0,
  );
  if (got.length !== expected.length || !(worst <= tolerance)) {
    throw new Error(
      `${got.length} numbers differ from the ${expected.length} expected by ${worst}, at most ${tolerance} is allowed`,
    );
  }
}
