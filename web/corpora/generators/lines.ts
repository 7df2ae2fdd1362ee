import { SeededRandom } from './seeded-random.js';

/** Long enough for some epochs of the default run to differ, short enough to be made in a few milliseconds. */
const TARGET_LENGTH = 200_000;

/** A synthetic text: lines drawn from a seed until the text is long enough. */
export function drawLines(seed: number, drawLine: (random: SeededRandom) => string): string {
  const random = new SeededRandom(seed);
  let text = '';
  while (text.length < TARGET_LENGTH) text += `${drawLine(random)}\n`;
  return text;
}
