import { UnrollError } from '../errors.js';
import { aString } from '../arguments/fields.js';
import { isOf, viewOf } from '../arguments/own.js';

/**
 * A text as the engine reads it: UTF-8 bytes after three steps that make equal-looking texts equal, so that a link gives
 * the same weights on every machine.
 *
 * 1. Lone surrogates, which are no characters, become U+FFFD.
 * 2. Unicode normalisation form C: é is one character however it was typed.
 * 3. Line ends are "\n".
 *
 * Every string that enters the engine as text comes through here and nowhere else. Of a text that is prepared already it
 * returns the bytes.
 */
export function prepareText(text: string | PreparedText): Uint8Array<ArrayBuffer> {
  const own = PreparedText.bytesOf(text);
  if (own !== undefined) return own;
  const given = aString('prepareText: the text', text);
  if (given.length > MOST_UNITS) {
    throw new UnrollError(
      'TOO_BIG',
      `prepareText: the text has ${given.length} characters, expected at most ${MOST_UNITS}`,
    );
  }
  return new TextEncoder().encode(normalise(given.toWellFormed()).replace(/\r\n?/g, '\n'));
}

/** Longer texts would not fit into the engine's memory beside a model. */
const MOST_UNITS = 2 ** 26;

/**
 * Form C. Marks are sorted behind their letter, each past all that it follows, so that a hundred thousand in a row take
 * seconds; a row of more than 30 is broken with U+034F, as the Stream-Safe Text Format does. Source: UAX #15, section 13
 */
function normalise(text: string): string {
  // Nearly all text is told by this alone. Marks may be two when they are taken apart, and ten no more than 30.
  if (!/(?=[^\0-\u02ff])\p{M}{10}/u.test(text)) return text.normalize('NFC');
  return breakRows(breakRows(text).normalize('NFC'));
}

const breakRows = (text: string): string =>
  text.replace(/(?:(?!\u034f)\p{M})+/gu, (row) => row.replace(/.{30}(?=.)/gu, '$&\u034f'));

/**
 * A text that is prepared once for many calls: for a megabyte, that takes as long as a step of training.
 *
 *   const text = new PreparedText(novel);
 *   const wide = engine.createTrainer({ hiddenSize: 256 }, text);
 *   const narrow = engine.createTrainer({ hiddenSize: 64 }, text);
 */
export class PreparedText {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  /**
   * @param text or the `bytes` of a prepared one. Other bytes are read as they are, or refused where they are no UTF-8
   */
  constructor(text: string | Uint8Array<ArrayBuffer>) {
    this.#bytes = isOf(Uint8Array, text)
      ? viewOf(Uint8Array, text as Uint8Array<ArrayBuffer>)
      : prepareText(text as string);
  }

  /** UTF-8. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** Those of a prepared text, whatever else it was given; undefined for all else. @internal */
  static bytesOf(text: unknown): Uint8Array<ArrayBuffer> | undefined {
    return typeof text === 'object' && text !== null && #bytes in text ? text.#bytes : undefined;
  }
}

/** The same for a call at once, whatever has become of the bytes of a prepared text. */
export const textToRead = (text: string | PreparedText): Uint8Array => viewOf(Uint8Array, prepareText(text));

/** What the engine wrote: always valid, and a byte order mark in it is a character like any other. */
export function textFromEngine(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
