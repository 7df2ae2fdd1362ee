import { crc32, hex32 } from '../bytes/crc32.js';

/** What a bundled file is known by. */
export interface Edition {
  readonly bytes: number;
  readonly crc32: string;
}

/** A bundled text that cannot be had. `message` is a sentence that can be shown as it is. */
export class TextError extends Error {
  override readonly name = 'TextError';

  constructor(
    readonly code: 'TEXT_UNKNOWN' | 'TEXT_DAMAGED',
    message: string,
  ) {
    super(message);
  }
}

/**
 * A run is only the same run on the same data, so a file that does not match is refused; another edition needs another
 * name.
 *
 * @throws TextError `TEXT_DAMAGED`
 */
export function expectEdition(name: string, bytes: Uint8Array, edition: Edition): void {
  const found = hex32(crc32(bytes));
  if (bytes.length === edition.bytes && found === edition.crc32) return;
  throw new TextError(
    'TEXT_DAMAGED',
    `the text "${name}" has ${bytes.length} bytes with checksum ${found}, expected ${edition.bytes} with ` +
      `${edition.crc32}: it is damaged or from another version; load it again or build it with npm run build`,
  );
}
