import { UnrollError } from './errors.js';
import type { RawTensor } from './raw.js';

/** Numbers in row-major order with their shape, as in PyTorch. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Parameters by their PyTorch names. A Map, because a file may name a tensor `__proto__`. */
export type StateDict = Map<string, Tensor>;

/** A tensor of a shape. Throws `SHAPE_MISMATCH` when there are more or fewer numbers. */
export function tensor(shape: readonly number[], data: ArrayLike<number>): Tensor {
  checkShape('tensor', 'data', { shape, data: Float32Array.from(data) }, shape);
  return { shape: [...shape], data: Float32Array.from(data) };
}

/** Throws `SHAPE_MISMATCH` naming the tensor unless it has the shape and as many numbers. */
export function checkShape(who: string, name: string, { shape, data }: Tensor, expected: readonly number[]): void {
  const fits = shape.length === expected.length && shape.every((size, axis) => size === expected[axis]);
  if (fits && data.length === shape.reduce((product, size) => product * size, 1)) return;
  const got = `(${shape.join(', ')}) and ${data.length} numbers`;
  throw new UnrollError('SHAPE_MISMATCH', `${who}: ${name} has shape ${got}, expected (${expected.join(', ')})`);
}

/** @internal */
export function toStateDict(tensors: readonly RawTensor[]): StateDict {
  return new Map(tensors.map(({ name, shape, data }) => [name, { shape, data }]));
}

/** @internal */
export function fromStateDict(parameters: StateDict | Readonly<Record<string, Tensor>>): RawTensor[] {
  const entries = parameters instanceof Map ? [...parameters] : Object.entries(parameters);
  return entries.map(([name, { shape, data }]) => ({ name, shape: [...shape], data: Float32Array.from(data) }));
}
