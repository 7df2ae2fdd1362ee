import { expect, test } from 'vitest';
import {
  bitsPerChar,
  formatChoices,
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatPlain,
  formatRate,
} from './format.js';

test.each([
  [0.2, '1 s'],
  [4.4, '4 s'],
  [9.7, '10 s'],
  [42, '40 s'],
  [59, '1 min'],
  [60, '1 min'],
  [88, '1 min 30 s'],
  [118, '2 min'],
  [597, '10 min'],
  [1500, '25 min'],
  [3600, '1 h'],
  [3570, '1 h'],
  [7500, '2 h 5 min'],
  [86_400 * 3, '3 days'],
])('%d seconds are %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test('numbers are written as the page needs them', () => {
  expect(formatCount(1115394)).toBe('1,115,394');
  expect(formatLoss(1.7)).toBe('1.700');
  expect(formatRate(48_234)).toBe('48,200');
  expect(formatPlain(0.002)).toBe('0.002');
  expect(formatPlain(1e-9)).toBe('0.000000001');
  expect(formatPlain(1_000_000)).toBe('1000000');
  expect(formatBytes(999)).toBe('999 bytes');
  expect(formatBytes(1_340_000)).toBe('1.34 MB');
  expect(bitsPerChar(Math.LN2 * 3)).toBeCloseTo(3, 12);
});

test.each([
  [65.2, '65.2'],
  [999_499_999, '999,000,000'],
  [1e9, '1.00 × 10⁹'],
  [Math.exp(98.781), '7.94 × 10⁴²'],
  [Infinity, '∞'],
])('%d choices are %s', (value, shown) => {
  expect(formatChoices(value)).toBe(shown);
});
