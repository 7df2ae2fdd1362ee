import { crc32, hex32 } from '../bytes/crc32.js';
import { LinkError } from './link-error.js';

/**
 * The seal of a link, `k=<length>.<crc32>`: how many characters follow it, and their checksum. It stands in front, so
 * that a link that was cut short is known to be short, and one that had something stuck to its end is known to be
 * whole. Links that people write by hand have none.
 *
 *   k=27.5f0c9a31&cell=gru&hidden=64&seed=7
 */
export function seal(version: number, body: string): string {
  return `k=${body.length}.${checksum(version, body)}`;
}

/** What stood behind a seal, and how many characters behind that were not part of the link. */
export interface Unsealed {
  readonly body: string;
  readonly trailing: number;
}

/** Nothing needs to follow the seal of an empty body, so whatever does is not part of the link. */
const SEAL = /^k=(?:0\.([0-9a-f]{8})|([1-9]\d{0,6})\.([0-9a-f]{8})(?:&|$))/;
/** Everything a cut seal can look like. */
const CUT_SEAL = /^k(?:=(?:\d{1,7}(?:\.[0-9a-f]{0,7})?)?)?$/;

/**
 * Checks what follows the version of a link.
 *
 * @returns null when there is no seal.
 * @throws LinkError `LINK_TRUNCATED` or `LINK_DAMAGED`.
 */
export function unseal(version: number, sealed: string): Unsealed | null {
  if (CUT_SEAL.test(sealed)) {
    throw new LinkError('LINK_TRUNCATED', 'This link was cut off near its beginning. Ask for it again.');
  }
  if (!sealed.startsWith('k=')) return null;
  const match = SEAL.exec(sealed);
  if (!match) throw new LinkError('LINK_DAMAGED', 'This link is damaged: its checksum, k=, cannot be read.');

  const [length, expected] = match[2] ? [Number(match[2]), match[3]] : [0, match[1]];
  const rest = sealed.slice(match[0].length);
  if (rest.length < length) {
    throw new LinkError(
      'LINK_TRUNCATED',
      `This link was cut off: ${rest.length} of ${length} characters are here. Ask for it again or use a file.`,
    );
  }
  const body = rest.slice(0, length);
  if (checksum(version, body) !== expected) {
    throw new LinkError(
      'LINK_DAMAGED',
      'This link is damaged: its text does not match its checksum, so a character was changed on the way. Ask for it again.',
    );
  }
  return { body, trailing: rest.length - length };
}

/** Version and length are in it too, so that a changed digit of them is found as well. */
function checksum(version: number, body: string): string {
  return hex32(crc32(new TextEncoder().encode(`v=${version}&k=${body.length}&${body}`)));
}
