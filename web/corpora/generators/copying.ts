import { drawLines } from './seeded-random.js';

const LETTERS = 'abcdefgh';

/** A random word of 3 to 8 letters from eight, a colon, and the same word: `cab:cab`. */
export function copying(): string {
  return drawLines(3, (random) => {
    const length = random.between(3, 8);
    const word = Array.from({ length }, () => random.pick(LETTERS)).join('');
    return `${word}:${word}`;
  });
}
