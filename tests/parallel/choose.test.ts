import { describe, expect, test } from 'vitest';
import { chooseWorkers, measureWorkers } from '../../web/parallel/index.js';
import type { WorkersMeasure } from '../../web/parallel/index.js';
import { engine, SENTENCES } from '../engine/engine.js';
import { CONFIG, FakeThread } from './threads.js';

const options = { engine, config: CONFIG, data: SENTENCES, spawn: () => new FakeThread() };

/** Chooses with invented gains, and tells which numbers were measured. */
async function choose(
  gains: Record<number, number>,
  place: { cores?: number; stepFlops?: number; limit?: number } = {},
) {
  const asked: number[] = [];
  const measure = ({ count }: { count: number }): Promise<WorkersMeasure> => {
    asked.push(count);
    const ratio = gains[count]!;
    return Promise.resolve({ workers: count, aloneMs: 100, togetherMs: 100 / ratio, ratio });
  };
  const choice = await chooseWorkers(options, { cores: 8, stepFlops: 1e10, limit: 16, ...place }, measure);
  return { ...choice, asked };
}

describe('the number of workers', () => {
  test('doubles while that pays', async () => {
    expect(await choose({ 2: 1.9, 4: 3.4 })).toMatchObject({ workers: 4, asked: [2, 4] }); // five streams
    expect(await choose({ 2: 1.9, 4: 2 })).toMatchObject({ workers: 2, asked: [2, 4] });
    expect(await choose({ 2: 1.1 })).toMatchObject({ workers: 1, asked: [2] });
    expect(await choose({ 2: 1.9 }, { cores: 3 })).toMatchObject({ workers: 2, asked: [2] });
    expect(await choose({ 2: 1.9 }, { limit: 2 })).toMatchObject({ workers: 2, asked: [2] });
  });

  test('is one without a measurement where several cannot pay', async () => {
    expect(await choose({}, { cores: 1 })).toMatchObject({ workers: 1, asked: [], why: 'there is one core' });
    expect(await choose({}, { stepFlops: 1e6 })).toMatchObject({ workers: 1, asked: [] });
  });

  test('is explained', async () => {
    const { why } = await choose({ 2: 2 }, { cores: 2 });
    expect(why).toBe('a step takes 50.0 ms with 2 workers, 100.0 ms with one (2.00 times as fast)');
  });
});

test('a measurement takes the real configuration and leaves nothing behind', async () => {
  const threads: FakeThread[] = [];
  const spawn = () => threads[threads.push(new FakeThread()) - 1]!;
  const { workers, aloneMs, togetherMs, ratio } = await measureWorkers({ ...options, spawn, count: 2 });
  expect(workers).toBe(2);
  expect(aloneMs).toBeGreaterThan(0);
  expect(ratio).toBe(aloneMs / togetherMs);
  expect(threads).toHaveLength(1);
  expect(threads[0]!.terminated).toBe(true);
});
