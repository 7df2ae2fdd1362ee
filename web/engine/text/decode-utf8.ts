import { UnrollError } from '../errors.js';
import { bytes as aUint8Array } from '../arguments/fields.js';

/**
 * The text of a file that must be UTF-8. Nothing is guessed and nothing replaced: a file in another encoding is refused
 * with a sentence that says what it seems to be and what to do. A byte order mark at the start is dropped.
 *
 * @throws UnrollError `INVALID_UTF8`
 */
export function decodeUtf8(file: Uint8Array): string {
  const bytes = aUint8Array('decodeUtf8: the file', file);
  const foreign = FOREIGN.find(({ start }) => start.every((byte, i) => bytes[i] === byte));
  if (foreign) refuse(`but ${foreign.what}; ${foreign.advice}`);
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    refuse(`but has a zero byte at position ${nul}, as UTF-16 and files that are no text; ${RESAVE}`);
  }
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const at = firstForeignByte(bytes);
  const byte = bytes[at]!.toString(16).toUpperCase().padStart(2, '0');
  return refuse(`at byte ${at}, which is 0x${byte}; it may be in an older encoding, ${RESAVE}`);
}

const RESAVE = 'save it as UTF-8 and try again';
const EXTRACT = 'copy its text into a plain text file';

/** How files begin that people take for text. */
const FOREIGN: readonly { readonly start: readonly number[]; readonly what: string; readonly advice: string }[] = [
  { start: [0xff, 0xfe], what: 'text in UTF-16', advice: RESAVE },
  { start: [0xfe, 0xff], what: 'text in UTF-16', advice: RESAVE },
  { start: [0x25, 0x50, 0x44, 0x46, 0x2d], what: 'a PDF document', advice: EXTRACT },
  { start: [0x50, 0x4b, 0x03, 0x04], what: 'a ZIP archive or an office document', advice: EXTRACT },
  { start: [0x1f, 0x8b], what: 'compressed', advice: 'unpack it first' },
  { start: [0x89, 0x50, 0x4e, 0x47], what: 'a picture', advice: 'choose a text instead' },
  { start: [0xff, 0xd8, 0xff], what: 'a picture', advice: 'choose a text instead' },
  { start: [0x47, 0x49, 0x46, 0x38], what: 'a picture', advice: 'choose a text instead' },
];

/** Where the first sequence starts that is not UTF-8. By halving: a beginning of a good beginning is good, when it may be cut. */
function firstForeignByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  while (!isUtf8(bytes.subarray(0, good))) good--;
  return good;
}

function isUtf8(bytes: Uint8Array, mayBeCut = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: mayBeCut });
    return true;
  } catch {
    return false;
  }
}

function refuse(what: string): never {
  throw new UnrollError('INVALID_UTF8', `this file is not UTF-8 text ${what}`);
}
