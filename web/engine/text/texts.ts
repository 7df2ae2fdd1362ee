import { aString, refuse } from '../arguments/fields.js';
import type { Reader } from '../arguments/fields.js';
import { items } from '../arguments/own.js';
import { prepareText } from './text.js';

const MOST_TEXTS = 2 ** 20;

/** A string in the engine's form, and several. */
export const aText: Reader<Uint8Array> = (where, value) => prepareText(aString(where, value));
export const texts: Reader<Uint8Array[]> = (where, value) => {
  const own = items(value, MOST_TEXTS) ?? refuse(where, value, 'an array of strings');
  return own.map((text) => aText(where, text));
};
