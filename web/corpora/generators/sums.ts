import { drawLines } from './seeded-random.js';

/**
 * Additions of two numbers below 100, one on each line: `12+7=19`. There are 10,000 different ones, so the text shows
 * most of them and the validation part holds some that were never seen.
 */
export function sums(): string {
  return drawLines(1, (random) => {
    const [a, b] = [random.between(0, 99), random.between(0, 99)];
    return `${a}+${b}=${a + b}`;
  });
}
