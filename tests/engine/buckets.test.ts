import { describe, expect, test } from 'vitest';
import { engine, refused } from './engine.js';

const lengths = Array.from({ length: 103 }, (_, i) => 1 + ((i * 37) % 50));
const share = (batches: readonly Int32Array[]): number => {
  let used = 0;
  let all = 0;
  for (const batch of batches) {
    const own = Array.from(batch, (i) => lengths[i]!);
    used += own.reduce((a, b) => a + b, 0);
    all += Math.max(...own) * own.length;
  }
  return 1 - used / all;
};

describe('batches of about the same length', () => {
  test('hold every sequence once, the longest of each first', () => {
    const { batches } = engine.bucketByLength(lengths, { batchSize: 8 });
    expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    expect(batches.map((batch) => batch.length).sort((a, b) => a - b)).toEqual([7, ...Array(12).fill(8)]);
    for (const batch of batches) {
      const own = Array.from(batch, (i) => lengths[i]!);
      expect(own).toEqual([...own].sort((a, b) => b - a));
    }
  });

  test('say how much is padded, with and without', () => {
    const { batches, paddingShare, paddingShareUnbucketed } = engine.bucketByLength(lengths, { batchSize: 8 });
    expect(paddingShare).toBeCloseTo(share(batches), 12);
    expect(paddingShare).toBeLessThan(0.1);
    expect(paddingShareUnbucketed).toBeGreaterThan(0.3);
  });

  test('pad more when less is sorted together', () => {
    const shares = [1, 4, 13].map(
      (poolBatches) => engine.bucketByLength(lengths, { batchSize: 8, poolBatches }).paddingShare,
    );
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares[0]).toBeGreaterThan(3 * shares[2]!);
  });

  test('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => engine.bucketByLength(Int32Array.from(lengths), { batchSize: 8, seed });
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3).batches).not.toEqual(draw(4).batches);
  });

  test.each<[string, unknown, object]>([
    ['lengths is 7, expected an array of lengths', 7, { batchSize: 8 }],
    ['a length is 0, expected a whole number from 1 on', [3, 0], { batchSize: 8 }],
    ['a length is 1.5', [1.5], { batchSize: 8 }],
    ['batchSize is missing, expected a number', [1], {}],
    ['batch_size is 0, expected at least 1', [1], { batchSize: 0 }],
    ['pool_batches is 0, expected at least 1', [1], { batchSize: 1, poolBatches: 0 }],
    ['the number of sequences is 0, expected at least 1', [], { batchSize: 1 }],
    ['batchSize is 1.5, expected a whole number', [1], { batchSize: 1.5 }],
    ['seed is -1', [1], { batchSize: 1, seed: -1 }],
    ['there is no option "size"', [1], { size: 1 }],
  ])('are refused: %s', (says, given, options) => {
    const answer = refused(() => engine.bucketByLength(given as number[], options as { batchSize: number }));
    expect(answer).toMatch(/^INVALID_ARGUMENT: (bucketByLength|bucket_by_length): /);
    expect(answer).toContain(says);
  });
});
