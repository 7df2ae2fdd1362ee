import { UnrollError } from './errors.js';

/**
 * A text as the engine reads it: well-formed (a lone surrogate becomes U+FFFD), in Unicode normalisation form C, with
 * `\n` at line ends, as UTF-8. The one place where this happens, so that the same text is the same everywhere.
 */
export function prepareText(text: string): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') {
    throw new UnrollError('INVALID_ARGUMENT', `prepareText: the text is a ${typeof text}, expected a string`);
  }
  const normal = toWellFormed(text).normalize('NFC').replace(/\r\n?/g, '\n');
  return new TextEncoder().encode(normal);
}

/**
 * The text of a file. Strict: throws `UnrollError` with code `INVALID_UTF8` rather than put replacement characters into
 * a text, and says what the file seems to be instead. A byte order mark is dropped.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnrollError('INVALID_UTF8', `this file is not UTF-8 text; ${guess(bytes)}`);
  }
}

/** What bytes that are not UTF-8 probably are, and what to do. */
function guess(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return 'it looks like UTF-16: save it as UTF-8 in your editor';
  }
  if (bytes.subarray(0, 4096).includes(0)) return 'it looks like a picture, a program or another file that is no text';
  return 'it may be Latin-1 or another old encoding: save it as UTF-8 in your editor';
}

/** `String.prototype.toWellFormed`, which Node 18 and older browsers lack, by way of the encoder. */
function toWellFormed(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}
