import { UnrollError } from './errors.js';
import { refuse } from './fields.js';
import { show, showShape } from './show.js';

/**
 * A dense array of float32 numbers, row-major: the last index runs fastest, as in PyTorch and NumPy. Those that the
 * library returns are copies of their own.
 */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Numbers in brackets, as deep as the tensor has dimensions: `[[1, 2, 3], [4, 5, 6]]` is (2, 3). */
export type Nested = number | readonly Nested[];

/**
 * A tensor of these numbers, rounded to float32.
 *
 * @param shape its sizes, each at least 1
 * @param data as many numbers as the sizes multiply to, or nothing for zeros
 * @throws UnrollError `INVALID_ARGUMENT`, `SHAPE_MISMATCH`
 */
export function tensor(shape: readonly number[], data?: ArrayLike<number>): Tensor {
  const size = sizeOf('tensor', shape);
  if (data === undefined) return { shape: [...shape], data: new Float32Array(size) };
  if (data.length !== size) {
    throw new UnrollError(
      'SHAPE_MISMATCH',
      `tensor: there are ${data.length} numbers, expected ${size} for the shape ${showShape(shape)}`,
    );
  }
  return { shape: [...shape], data: Float32Array.from(data) };
}

/**
 * A tensor from numbers in brackets.
 *
 * @throws UnrollError `SHAPE_MISMATCH` when rows have different lengths
 */
export function tensorFrom(nested: Nested): Tensor {
  const shape: number[] = [];
  for (let part = nested; typeof part !== 'number'; part = part[0]!) {
    if (!Array.isArray(part) || part.length === 0)
      refuse('tensorFrom: a part', part, 'a number or an array that is not empty');
    shape.push(part.length);
  }
  const data: number[] = [];
  const collect = (part: Nested, depth: number): void => {
    if (typeof part === 'number' && depth === shape.length) {
      data.push(part);
    } else if (Array.isArray(part) && part.length === shape[depth]) {
      for (const inner of part as readonly Nested[]) collect(inner, depth + 1);
    } else {
      const wanted = depth === shape.length ? 'a number' : `an array of ${shape[depth]}, as the first of them`;
      throw new UnrollError('SHAPE_MISMATCH', `tensorFrom: there is ${show(part)}, expected ${wanted}`);
    }
  };
  collect(nested, 0);
  return { shape, data: Float32Array.from(data) };
}

/** The numbers of a tensor in brackets. */
export function nestedFrom({ shape, data }: Tensor): Nested {
  const nest = (depth: number, begin: number, size: number): Nested => {
    if (depth === shape.length) return data[begin]!;
    const part = size / shape[depth]!;
    return Array.from({ length: shape[depth]! }, (_, i) => nest(depth + 1, begin + i * part, part));
  };
  return nest(0, 0, data.length);
}

/**
 * The numbers of a tensor that came from outside, after looking at its shape. `expected` has a number where the size is
 * fixed, and a letter of the legend where any will do.
 */
export function checkTensor(where: string, value: unknown, expected: readonly (number | string)[]): Tensor {
  if (typeof value !== 'object' || value === null) refuse(where, value, 'a tensor {shape, data}');
  const { shape, data } = value as Partial<Tensor>;
  if (!(data instanceof Float32Array)) refuse(`${where}: data`, data, 'a Float32Array');
  const size = sizeOf(where, shape);
  const fits = shape!.length === expected.length && expected.every((n, i) => typeof n === 'string' || n === shape![i]);
  if (!fits) {
    throw new UnrollError('SHAPE_MISMATCH', `${where} has shape ${showShape(shape!)}, expected ${showShape(expected)}`);
  }
  if (data.length !== size) {
    throw new UnrollError(
      'SHAPE_MISMATCH',
      `${where} has ${data.length} numbers, expected ${size} for its shape ${showShape(shape!)}`,
    );
  }
  return { shape: [...shape!], data };
}

function sizeOf(where: string, shape: unknown): number {
  if (!Array.isArray(shape)) refuse(`${where}: shape`, shape, 'an array of sizes');
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 1) refuse(`${where}: a size in shape`, size, 'a whole number from 1 on');
  }
  return shape.reduce((product: number, size: number) => product * size, 1);
}
