import { drawLines } from './seeded-random.js';

/** The language a^n b^n with n from 1 to 12: `aaabbb`. The second half of each line is certain once n is known. */
export function counting(): string {
  return drawLines(2, (random) => {
    const count = random.between(1, 12);
    return 'a'.repeat(count) + 'b'.repeat(count);
  });
}
