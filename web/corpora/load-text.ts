import { crc32, hex32 } from '../bytes/crc32.js';
import { findText, TEXTS } from './catalogue.js';
import type { TaskText } from './catalogue.js';

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
  const entry = findText(id);
  if (!entry) {
    throw new TextError('TEXT_UNKNOWN', `text is "${id}", expected one of ${TEXTS.map((text) => text.id).join(', ')}`);
  }
  const bytes = entry.kind === 'task' ? await generate(entry) : await readFile(`${entry.id}.txt`);
  if (bytes.length !== entry.bytes || hex32(crc32(bytes)) !== entry.crc32) {
    throw new TextError(
      'TEXT_DAMAGED',
      `the text "${id}" has ${bytes.length} bytes with checksum ${hex32(crc32(bytes))}, expected ${entry.bytes} ` +
        `with ${entry.crc32}: it is damaged or from another version; load it again or build it with npm run build`,
    );
  }
  return bytes;
}

async function generate({ id }: TaskText): Promise<Uint8Array<ArrayBuffer>> {
  const generators = await import('./generators/generators.js');
  return new TextEncoder().encode(generators[id]());
}
