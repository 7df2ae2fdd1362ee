import { aString } from './fields.js';

/**
 * A text as the engine reads it: UTF-8 bytes after three steps that make equal-looking texts equal, so that a link gives
 * the same weights on every machine.
 *
 * 1. Lone surrogates, which are no characters, become U+FFFD.
 * 2. Unicode normalisation form C: é is one character however it was typed.
 * 3. Line ends are "\n".
 *
 * Every string that enters the engine as text comes through here and nowhere else.
 */
export function prepareText(text: string): Uint8Array<ArrayBuffer> {
  const prepared = aString('prepareText: the text', text).toWellFormed().normalize('NFC').replace(/\r\n?/g, '\n');
  return new TextEncoder().encode(prepared);
}

/**
 * A text that is prepared once for many calls: for a megabyte, that takes as long as a step of training.
 *
 *   const text = PreparedText.of(novel);
 *   const wide = engine.createTrainer({ hiddenSize: 256 }, text);
 *   const narrow = engine.createTrainer({ hiddenSize: 64 }, text);
 */
export class PreparedText {
  #distinct: number | null = null;

  /**
   * @param bytes what `prepareText()` makes of some text. Bytes that it would not make are read as they are, or refused
   *   where they are no UTF-8
   */
  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {}

  static of(text: string): PreparedText {
    return new PreparedText(prepareText(text));
  }

  /** The text as the engine will read it. */
  toString(): string {
    return new TextDecoder().decode(this.bytes);
  }

  /** The first characters of it, at most that many. */
  beginning(characters: number): string {
    const text = new TextDecoder().decode(this.bytes.subarray(0, MAX_BYTES_OF_CHARACTER * characters));
    return [...text].slice(0, characters).join('');
  }

  /** Different characters in it: the size of its vocabulary. */
  get distinct(): number {
    return (this.#distinct ??= countDistinct(this.toString()));
  }
}

/** In UTF-8. */
const MAX_BYTES_OF_CHARACTER = 4;

/** A set of a million characters would take longer than a step of training. */
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

/** What the engine wrote: always valid, and a byte order mark in it is a character like any other. */
export function textFromEngine(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
