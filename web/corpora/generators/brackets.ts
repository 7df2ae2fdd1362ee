import type { SeededRandom } from './seeded-random.js';
import { drawLines } from './seeded-random.js';

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
