import { prepareText } from '../engine/index.js';

/** A text as the engine will read it. */
export interface ShelvedText {
  readonly text: string;
  /** Different characters in it: the size of its vocabulary. */
  readonly distinct: number;
}

export function shelve(original: string): ShelvedText {
  const text = new TextDecoder().decode(prepareText(original));
  return { text, distinct: countDistinct(text) };
}

/** Different characters. A set of a million of them would take longer than a step of training. */
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
