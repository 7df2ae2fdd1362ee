import { expect, test } from 'vitest';
import { heatMap, parseColour, rowHeight } from './model.js';

const COLOURS = { zero: [0, 0, 0], positive: [0, 0, 200], negative: [100, 0, 0] } as const;

test('units are rows and characters are columns', () => {
  // Two characters, three units.
  const pixels = heatMap([0, 0.5, 1, -1, -0.5, 3], 3, COLOURS);
  const at = (unit: number, position: number) => [
    ...pixels.subarray(4 * (2 * unit + position), 4 * (2 * unit + position) + 4),
  ];
  expect([at(0, 0), at(1, 0), at(2, 0)]).toEqual([
    [0, 0, 0, 255],
    [0, 0, 100, 255],
    [0, 0, 200, 255],
  ]);
  expect([at(0, 1), at(1, 1), at(2, 1)]).toEqual([
    [100, 0, 0, 255],
    [50, 0, 0, 255],
    [0, 0, 200, 255],
  ]);
});

test('colours are read as the style sheet writes them', () => {
  expect(parseColour(' #1f57b5')).toEqual([0x1f, 0x57, 0xb5]);
  expect(parseColour('#fff')).toEqual([255, 255, 255]);
});

test.each([
  [4, 10],
  [128, 2],
  [48, 7],
  [1024, 2],
])('rows of %i units are %i pixels high', (units, height) => expect(rowHeight(units)).toBe(height));
