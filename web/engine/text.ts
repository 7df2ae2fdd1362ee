import { aString } from './fields.js';

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
  if (text instanceof PreparedText) return text.bytes;
  const prepared = aString('prepareText: the text', text).toWellFormed().normalize('NFC').replace(/\r\n?/g, '\n');
  return new TextEncoder().encode(prepared);
}

/**
 * A text that is prepared once for many calls: for a megabyte, that takes as long as a step of training.
 *
 *   const text = new PreparedText(novel);
 *   const wide = engine.createTrainer({ hiddenSize: 256 }, text);
 *   const narrow = engine.createTrainer({ hiddenSize: 64 }, text);
 */
export class PreparedText {
  /** UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>;

  /**
   * @param text or the bytes that `prepareText()` makes of it. Other bytes are read as they are, or refused where they are
   *   no UTF-8
   */
  constructor(text: string | Uint8Array<ArrayBuffer>) {
    this.bytes = text instanceof Uint8Array ? text : prepareText(text);
  }
}

/** What the engine wrote: always valid, and a byte order mark in it is a character like any other. */
export function textFromEngine(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
