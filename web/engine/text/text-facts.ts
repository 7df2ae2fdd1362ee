import { numbers } from '../arguments/fields.js';
import type { Engine } from '../engine.js';
import { PreparedText, textToRead } from './text.js';

/** What a text is made of. */
export interface TextFacts {
  readonly characters: number;
  /** Distinct ones (V). */
  readonly vocabSize: number;
}

/**
 * What a text is made of, as a language model reads it.
 *
 * @throws UnrollError `INVALID_UTF8`, `TEXT_TOO_SHORT` for an empty one, `TOO_BIG` for too many distinct characters
 */
export function describeText({ boundary }: Engine, text: string | PreparedText): TextFacts {
  const own = textToRead(text);
  return boundary.call(() => boundary.module.describeText(own));
}

/**
 * The three parts of a text, cut where a trainer cuts it: of N characters the first int(a N) are for training, those up to
 * int((a + b) N) for validation, and the rest for testing.
 *
 * @param split the shares a, b and c, as `TrainerConfig.split`
 * @throws UnrollError `INVALID_ARGUMENT`, `INVALID_UTF8`, `TEXT_TOO_SHORT` for an empty part whose share is not 0
 */
export function splitText(
  { boundary }: Engine,
  text: string | PreparedText,
  split: readonly [number, number, number],
): readonly PreparedText[] {
  const own = textToRead(text).slice();
  const shares = numbers(3)('splitText: split', split);
  const [a, b] = boundary.call(() => boundary.module.splitText(own, shares));
  return [own.slice(0, a), own.slice(a, b), own.slice(b)].map((part) => new PreparedText(part));
}
