import type { PreparedText } from '../../engine/index.js';

/** So many characters of a text's beginning. */
export function beginningOf(text: PreparedText, characters: number): string {
  // Cut between characters: a character is at most four bytes long.
  const enough = new TextDecoder().decode(text.bytes.subarray(0, 4 * characters));
  return [...enough].slice(0, characters).join('');
}
