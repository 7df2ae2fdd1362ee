import { UnrollError } from '../errors.js';
import { float32s, refuse } from '../arguments/fields.js';
import { floats, isOf, items, lengthOf, property } from '../arguments/own.js';
import { show, showShape } from '../arguments/show.js';

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

/** Sizes that a shape may have: as many as in PyTorch. */
const MOST_SIZES = 64;
/** Numbers that a tensor may have here, 1 GB of them; and those that are written in brackets, which take more. */
const MOST_NUMBERS = 2 ** 28;
const MOST_NESTED = 2 ** 24;

/**
 * A tensor of these numbers, rounded to float32.
 *
 * @param shape its sizes, each at least 1
 * @param data as many numbers as the sizes multiply to, or nothing for zeros
 * @throws UnrollError `INVALID_ARGUMENT`, `SHAPE_MISMATCH`, `TOO_BIG` above 2^28 numbers
 */
export function tensor(shape: readonly number[], data?: ArrayLike<number>): Tensor {
  const own = readShape('tensor', shape);
  const size = sizeOf('tensor', own, MOST_NUMBERS);
  const length = data === undefined ? size : property(data, 'length');
  if (length !== size) {
    const got = typeof length === 'number' ? `there are ${length} numbers` : `the data is ${show(data)}`;
    mismatch(`tensor: ${got}, expected ${size} for the shape ${showShape(own)}`);
  }
  return { shape: own, data: floats(data, size) ?? refuse('tensor: the data', data, 'numbers that fit into memory') };
}

/**
 * A tensor from numbers in brackets, at most 64 deep.
 *
 * @throws UnrollError `SHAPE_MISMATCH` when rows have different lengths, `INVALID_ARGUMENT`, `TOO_BIG` above 2^24 numbers
 */
export function tensorFrom(nested: Nested): Tensor {
  const shape: number[] = [];
  for (let part: unknown = nested; typeof part !== 'number'; part = property(part, '0')) {
    const length = lengthOf(part) ?? 0;
    if (!(length >= 1)) refuse('tensorFrom: a part', part, 'a number or an array that is not empty');
    if (shape.push(length) > MOST_SIZES) refuse('tensorFrom: the depth', shape.length, `at most ${MOST_SIZES}`);
  }
  const data = new Float32Array(sizeOf('tensorFrom', shape, MOST_NESTED));
  let filled = 0;
  const collect = (part: unknown, depth: number): void => {
    const size = shape[depth];
    const wanted = size === undefined ? 'a number' : `an array of ${size}, as the first of them`;
    const parts = size === lengthOf(part) ? items(part, size, (item) => item) : undefined;
    if (size === undefined && typeof part === 'number') data[filled++] = part;
    else if (parts === undefined) mismatch(`tensorFrom: there is ${show(part)}, expected ${wanted}`);
    else for (const inner of parts) collect(inner, depth + 1);
  };
  collect(nested, 0);
  return { shape, data };
}

/**
 * The numbers of a tensor in brackets.
 *
 * @throws UnrollError `INVALID_ARGUMENT`, `SHAPE_MISMATCH`
 */
export function nestedFrom(value: Tensor): Nested {
  const { shape, data } = readTensor('nestedFrom: the tensor', value);
  const nest = (depth: number, begin: number, size: number): Nested => {
    if (depth === shape.length) return data[begin]!;
    const part = size / shape[depth]!;
    return Array.from({ length: shape[depth]! }, (_, i) => nest(depth + 1, begin + i * part, part));
  };
  return nest(0, 0, data.length);
}

/** A tensor of our own that has the numbers of one that came from outside. */
export function readTensor(where: string, value: unknown): Tensor {
  if (typeof value !== 'object' || value === null) refuse(where, value, 'a tensor {shape, data}');
  const data = property(value, 'data');
  if (!isOf(Float32Array, data)) refuse(`${where}: data`, data, 'a Float32Array');
  const shape = readShape(where, property(value, 'shape'));
  const size = sizeOf(where, shape);
  // Before anything is copied.
  if (lengthOf(data) !== size) {
    mismatch(`${where} has ${lengthOf(data)} numbers, expected ${size} for its shape ${showShape(shape)}`);
  }
  return { shape, data: float32s(`${where}: data`, data) };
}

/** `expected` has a number where a size is fixed, and a letter of the legend where any will do. */
export function expectShape(where: string, { shape }: Tensor, expected: readonly (number | string)[]): void {
  const fits = shape.length === expected.length && expected.every((n, i) => typeof n === 'string' || n === shape[i]);
  if (!fits) mismatch(`${where} has shape ${showShape(shape)}, expected ${showShape(expected)}`);
}

/** The two together. */
export function checkTensor(where: string, value: unknown, expected: readonly (number | string)[]): Tensor {
  const own = readTensor(where, value);
  expectShape(where, own, expected);
  return own;
}

function readShape(where: string, value: unknown): number[] {
  const shape = items(value, MOST_SIZES) ?? refuse(`${where}: shape`, value, 'an array of sizes');
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || (size as number) < 1) {
      refuse(`${where}: a size in shape`, size, 'a whole number from 1 on');
    }
  }
  return shape as number[];
}

function sizeOf(where: string, shape: readonly number[], most = Infinity): number {
  const size = shape.reduce((product, each) => product * each, 1);
  if (size <= most) return size;
  throw new UnrollError(
    'TOO_BIG',
    `${where}: the shape ${showShape(shape)} has ${size} numbers, expected at most ${most}`,
  );
}

function mismatch(message: string): never {
  throw new UnrollError('SHAPE_MISMATCH', message);
}
