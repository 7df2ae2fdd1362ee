import type { PreparedText } from '../../engine/index.js';

const counted = new WeakMap<PreparedText, number>();

/** Different characters in a text, counted once: the size of its vocabulary. */
export function distinctCharacters(text: PreparedText): number {
  const known = counted.get(text);
  if (known !== undefined) return known;
  const count = countDistinct(new TextDecoder().decode(text.bytes));
  counted.set(text, count);
  return count;
}

/** A set of a million characters, or going through them one by one, would take longer than a step of training. */
function countDistinct(text: string): number {
  const seen = new Uint8Array(0x110000);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.codePointAt(i)!;
    if (character > 0xffff) i++; // it takes two units
    count += 1 - seen[character]!;
    seen[character] = 1;
  }
  return count;
}
