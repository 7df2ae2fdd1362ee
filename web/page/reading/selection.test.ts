import { expect, test } from 'vitest';
import { FIRST, moved, within } from './selection.js';

const BOUNDS = { positions: 10, layers: 2, units: 4 };

test.each([
  ['ArrowRight', { position: 6, unit: 2 }],
  ['ArrowLeft', { position: 4, unit: 2 }],
  ['ArrowDown', { position: 5, unit: 3 }],
  ['ArrowUp', { position: 5, unit: 1 }],
  ['Home', { position: 0, unit: 2 }],
  ['End', { position: 9, unit: 2 }],
])('%s moves the selection', (key, expected) => {
  const selection = { position: 5, layer: 1, unit: 2, gate: 'f' };
  expect(moved(selection, key, BOUNDS)).toEqual({ ...selection, ...expected });
});

test('it never leaves what there is, and other keys do nothing', () => {
  const last = { position: 9, layer: 1, unit: 3, gate: 'o' };
  for (const key of ['ArrowRight', 'ArrowDown', 'End']) expect(moved(last, key, BOUNDS)).toEqual(last);
  for (const key of ['ArrowLeft', 'ArrowUp', 'Home']) expect(moved(FIRST, key, BOUNDS)).toEqual(FIRST);
  for (const key of ['Enter', 'constructor', 'a']) expect(moved(last, key, BOUNDS)).toBeNull();
});

test('that of a link from a larger network is the nearest there is', () => {
  const large = { position: 200, layer: 3, unit: 511, gate: 'f' };
  expect(within(large, BOUNDS)).toEqual({ position: 9, layer: 1, unit: 3, gate: 'f' });
});
