import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULTS, LIMITS } from '../../links/run-config.js';
import type { NumberKey } from '../../links/run-config.js';
import { isAllowed, neighbour, parseNumber, samplingDiffers, trainingDifferences } from './settings.js';

const KEYS = Object.keys(LIMITS) as NumberKey[];

test('up and down always lead to a value that a run may have', () => {
  for (const key of KEYS) {
    let value = DEFAULTS[key];
    for (const direction of [1, -1] as const) {
      for (let presses = 0; presses < 60; ++presses) {
        value = neighbour(key, value, direction);
        expect(isAllowed(key, value), `${key} ${value}`).toBe(true);
      }
    }
  }
});

test('up and then down comes back for the sizes, and every press but the last changes something', () => {
  for (const key of ['hiddenSize', 'batchSize', 'seqLen', 'learningRate', 'numLayers'] as const) {
    expect(neighbour(key, neighbour(key, DEFAULTS[key], 1), -1)).toBe(DEFAULTS[key]);
  }
  expect(neighbour('hiddenSize', 1, -1)).toBe(1);
  expect(neighbour('hiddenSize', 3, -1)).toBe(1);
  expect(neighbour('embeddingDim', 0, 1)).toBe(8);
  expect(neighbour('embeddingDim', 8, -1)).toBe(0);
  expect(neighbour('temperature', 0.85, 1)).toBe(0.9);
  expect(neighbour('temperature', 0.3, -1)).toBe(0.2);
});

test('what is typed as a number is read as one, and nothing else is', () => {
  expect(parseNumber(' 0,002 ')).toBe(0.002);
  expect(parseNumber('1e-3')).toBe(0.001);
  for (const typed of ['', ' ', 'x', '1.2.3', '0x10', 'Infinity', '1 000', '--1', 'NaN']) {
    expect(parseNumber(typed), typed).toBeNaN();
  }
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => parseNumber(String(x)) === x));
});

test('only what changes the weights makes another network', () => {
  const other = { ...DEFAULTS, prompt: 'x', temperature: 1, sampleSeed: 9, sampleLength: 5, greedy: true };
  expect(trainingDifferences(DEFAULTS, other)).toEqual([]);
  expect(samplingDiffers(DEFAULTS, other)).toBe(true);
  expect(trainingDifferences(DEFAULTS, { ...other, cell: 'gru', seed: 2 })).toEqual(['cell', 'seed']);
  expect(trainingDifferences(DEFAULTS, { ...DEFAULTS, split: [0.9, 0.05, 0.05] })).toEqual([]);
  expect(trainingDifferences({ ...DEFAULTS, text: { own: 'a' } }, { ...DEFAULTS, text: { own: 'a' } })).toEqual([]);
  expect(trainingDifferences({ ...DEFAULTS, text: { own: 'a' } }, { ...DEFAULTS, text: { own: 'b' } })).toEqual([
    'text',
  ]);
});
