import { crc32, hex32 } from '../bytes/crc32.js';
import { EDITIONS, TEXT_IDS } from './editions.js';
import * as generators from './generators/generators.js';

/** How a place reads the bundled file of that name: from disk in Node, by fetch in the page. */
export type ReadBundledText = (fileName: string) => Promise<Uint8Array<ArrayBuffer>>;

/** A text of the catalogue that cannot be had. `message` is a sentence that can be shown as it is. */
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
 * A text of the catalogue in UTF-8, checked against its size and checksum. Every one is as `prepareText()` would make it.
 *
 * @throws TextError when there is no text of that id, or when the file is not the one that was bundled.
 */
export async function loadText(id: string, readFile: ReadBundledText): Promise<Uint8Array<ArrayBuffer>> {
  const known = TEXT_IDS.find((each) => each === id);
  if (known === undefined) {
    throw new TextError('TEXT_UNKNOWN', `text is "${id}", expected one of ${TEXT_IDS.join(', ')}`);
  }
  const bytes =
    known in generators
      ? new TextEncoder().encode(generators[known as keyof typeof generators]())
      : await readFile(`${known}.txt`);
  const edition = EDITIONS[known];
  if (bytes.length !== edition.bytes || hex32(crc32(bytes)) !== edition.crc32) {
    throw new TextError(
      'TEXT_DAMAGED',
      `the text "${id}" has ${bytes.length} bytes with checksum ${hex32(crc32(bytes))}, expected ${edition.bytes} ` +
        `with ${edition.crc32}: it is damaged or from another version; load it again or build it with npm run build`,
    );
  }
  return bytes;
}
