import type { Split } from '../links/index.js';

/**
 * The three parts of a text, cut where the engine cuts it for training: of N characters (code points) the first
 * floor(a N) are for training, those up to floor((a + b) N) for validation, the rest for testing. The sum is rounded to
 * 12 digits, as 0.7 + 0.1 is a hair below 0.8 in binary.
 */
export function splitText(text: string, [train, validation]: Split): readonly [string, string, string] {
  const characters = countCharacters(text);
  const first = offsetOf(text, Math.floor(train * characters));
  const both = Math.round((train + validation) * 1e12) / 1e12;
  const second = offsetOf(text, Math.floor(both * characters));
  return [text.slice(0, first), text.slice(first, second), text.slice(second)];
}

/** How many code points a text has. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let offset = 0; offset < text.length; offset += unitsAt(text, offset)) count++;
  return count;
}

/** Where in the UTF-16 text the character of that number begins. */
function offsetOf(text: string, characters: number): number {
  let offset = 0;
  for (let passed = 0; passed < characters; passed++) offset += unitsAt(text, offset);
  return offset;
}

function unitsAt(text: string, offset: number): number {
  return text.codePointAt(offset)! > 0xffff ? 2 : 1;
}
