import { expect, test } from 'vitest';
import { cursorPositions, describeCursor, lossesAt } from './cursor.js';
import type { ChartModel } from './model.js';
import { joinLines, lossRange } from './model.js';

const EMPTY: ChartModel = {
  steps: 100,
  x: [],
  raw: [],
  mean: [],
  validation: [],
  earlier: [],
  baselines: { uniform: 4.2, unigram: 3.1, bigram: 2.4 },
};

test('lines with points at different steps share one axis', () => {
  const [x, [first, second]] = joinLines([
    { steps: [1, 2, 4], values: [10, 20, 40] },
    { steps: [0, 2, 3], values: [5, 25, 35] },
  ]);
  expect(x).toEqual([0, 1, 2, 3, 4]);
  expect(first).toEqual([null, 10, 20, null, 40]);
  expect(second).toEqual([5, null, 25, 35, null]);
});

test('the loss axis shows the baselines from the start, and moves down in halves', () => {
  const [bottom, top] = lossRange(EMPTY);
  expect(bottom).toBeLessThan(2.4);
  expect(top).toBeGreaterThan(4.2);
  expect(lossRange({ ...EMPTY, mean: [4.1, 2.2] })[0]).toBe(2);
  expect(lossRange({ ...EMPTY, mean: [4.1, 1.9] })[0]).toBe(1.5);
  expect(lossRange({ ...EMPTY, mean: [4.1, 0.05] })[0]).toBe(0);
});

test('a network that has gone wrong does not squeeze everything else flat', () => {
  const [, top] = lossRange({ ...EMPTY, mean: [90, 4_000, Number.POSITIVE_INFINITY] });
  expect(top).toBeLessThan(6);
});

test('the cursor stops where the network was validated, and knows the last loss before', () => {
  const model: ChartModel = {
    ...EMPTY,
    x: [0, 10, 20, 25, 30],
    mean: [null, 3.5, 3, 2.75, 2.5],
    validation: [4.2, null, 3.1, null, 2.6],
  };
  expect(cursorPositions(model)).toEqual([0, 20, 30]);
  expect(lossesAt(model, 25)).toEqual({ train: 2.75, validation: 3.1 });
  expect(describeCursor(model, 0)).toBe('step 0, validation 4.200');
  expect(describeCursor(model, 30)).toBe('step 30, train 2.500, validation 2.600');
});

test('a long run has at most about a hundred stops, the last step among them', () => {
  const x = Array.from({ length: 1999 }, (_, i) => i);
  const stops = cursorPositions({ ...EMPTY, x, mean: x, validation: x.map(() => null) });
  expect(stops.length).toBeLessThanOrEqual(102);
  expect(stops.at(-1)).toBe(1998);
});
