import type { SeededRandom } from './seeded-random.js';
import { drawLines } from './seeded-random.js';

/** What computes the tasks of the catalogue, each under its id. The page, which only names them, does without. */

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

/** The language a^n b^n with n from 1 to 12: `aaabbb`. The second half of each line is certain once n is known. */
export function counting(): string {
  return drawLines(2, (random) => {
    const count = random.between(1, 12);
    return 'a'.repeat(count) + 'b'.repeat(count);
  });
}

const LETTERS = 'abcdefgh';

/** A random word of 3 to 8 letters from eight, a colon, and the same word: `cab:cab`. */
export function copying(): string {
  return drawLines(3, (random) => {
    const length = random.between(3, 8);
    const word = Array.from({ length }, () => random.pick(LETTERS)).join('');
    return `${word}:${word}`;
  });
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const MAX_DEPTH = 6;

/** Dyck words over three kinds of brackets, 1 to 12 pairs and at most six deep: `([]{})`. */
export function brackets(): string {
  return drawLines(4, (random) => bracketLine(random, random.between(1, 12)));
}

function bracketLine(random: SeededRandom, pairs: number): string {
  let line = '';
  let toOpen = pairs;
  const open: string[] = [];
  while (toOpen > 0 || open.length > 0) {
    const mustOpen = open.length === 0;
    const mustClose = toOpen === 0 || open.length === MAX_DEPTH;
    if (mustOpen || (!mustClose && random.between(0, 1) === 1)) {
      const bracket = random.pick(Object.keys(CLOSING));
      open.push(bracket);
      line += bracket;
      toOpen--;
    } else {
      line += CLOSING[open.pop()!]!;
    }
  }
  return line;
}
