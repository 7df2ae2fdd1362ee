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

/** What the engine wrote: always valid, and a byte order mark in it is a character like any other. */
export function textFromEngine(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
