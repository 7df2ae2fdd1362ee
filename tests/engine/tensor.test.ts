import { describe, expect, test } from 'vitest';
import { nestedFrom, tensor, tensorFrom } from '../../web/engine/index.js';
import type { Nested } from '../../web/engine/index.js';
import { refused } from './engine.js';

describe('tensor', () => {
  test('copies its numbers and rounds them to float32', () => {
    const source = [0.1, 2, 3, 4, 5, 6];
    const made = tensor([2, 3], source);
    source[1] = 99;
    expect(made).toEqual({ shape: [2, 3], data: Float32Array.of(0.1, 2, 3, 4, 5, 6) });
  });

  test('is zero without numbers', () => {
    expect(tensor([2, 1]).data).toEqual(new Float32Array(2));
  });

  test('goes to brackets and back', () => {
    const nested = [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ];
    const made = tensorFrom(nested);
    expect(made.shape).toEqual([2, 3, 2]);
    expect(made.data).toEqual(Float32Array.from({ length: 12 }, (_, i) => i + 1));
    expect(nestedFrom(made)).toEqual(nested);
    expect(tensorFrom(7)).toEqual({ shape: [], data: Float32Array.of(7) });
  });

  /** Brackets around themselves, and few that stand for many. */
  const deep = (levels: number): Nested => {
    let nested: Nested = 7;
    for (let level = 0; level < levels; level++) nested = [nested];
    return nested;
  };
  const endless: Nested[] = [];
  endless.push(endless);
  let many: Nested = Array.from({ length: 16 }, () => 1);
  for (let level = 0; level < 9; level++) many = Array.from({ length: 16 }, () => many);

  test.each<[string, () => unknown, string]>([
    ['more numbers than there are', () => tensor([2 ** 40]), 'TOO_BIG: tensor: the shape (1099511627776,) has'],
    ['sizes whose product overflows', () => tensor(Array(64).fill(2 ** 50)), 'TOO_BIG: tensor: the shape'],
    ['too many sizes', () => tensor(Array(65).fill(1)), 'INVALID_ARGUMENT: tensor: shape is an array of 65'],
    [
      'a number that is none',
      () => tensor([2], [1, '2'] as never),
      'INVALID_ARGUMENT: tensor: the data is an array of 2',
    ],
    [
      '100,000 levels',
      () => tensorFrom(deep(100_000)),
      'INVALID_ARGUMENT: tensorFrom: the depth is 65, expected at most 64',
    ],
    ['levels without an end', () => tensorFrom(endless), 'INVALID_ARGUMENT: tensorFrom: the depth is 65'],
    ['10^12 numbers in few brackets', () => tensorFrom(many), 'TOO_BIG: tensorFrom: the shape (16, 16,'],
    ['a hole', () => tensorFrom([1, , 3] as never), 'SHAPE_MISMATCH: tensorFrom: there is an array of 3'],
    [
      'a shape without its numbers in brackets',
      () => nestedFrom({ shape: [1e9], data: new Float32Array(3) }),
      'SHAPE_MISMATCH: nestedFrom: the tensor has 3 numbers, expected 1000000000',
    ],
    ['no tensor in brackets', () => nestedFrom(7 as never), 'INVALID_ARGUMENT: nestedFrom: the tensor is 7'],
    [
      'too few numbers',
      () => tensor([2, 3], [1]),
      'SHAPE_MISMATCH: tensor: there are 1 numbers, expected 6 for the shape (2, 3)',
    ],
    [
      'a size of 0',
      () => tensor([2, 0]),
      'INVALID_ARGUMENT: tensor: a size in shape is 0, expected a whole number from 1 on',
    ],
    [
      'a size that is no number',
      () => tensor(['2'] as never),
      'INVALID_ARGUMENT: tensor: a size in shape is "2", expected',
    ],
    ['no shape', () => tensor(3 as never), 'INVALID_ARGUMENT: tensor: shape is 3, expected an array of sizes'],
    [
      'rows of different lengths',
      () => tensorFrom([[1, 2], [3]]),
      'SHAPE_MISMATCH: tensorFrom: there is an array of 1, expected an array of 2',
    ],
    [
      'rows of different depths',
      () => tensorFrom([[1], 2]),
      'SHAPE_MISMATCH: tensorFrom: there is 2, expected an array of 1',
    ],
    [
      'a number too deep',
      () => tensorFrom([1, [2]]),
      'SHAPE_MISMATCH: tensorFrom: there is an array of 1, expected a number',
    ],
    ['nothing in brackets', () => tensorFrom([[]]), 'INVALID_ARGUMENT: tensorFrom: a part is an array of 0'],
    ['text', () => tensorFrom('12' as never), 'INVALID_ARGUMENT: tensorFrom: a part is "12"'],
  ])('refuses %s', (_, make, says) => {
    expect(refused(make)).toContain(says);
  });
});
