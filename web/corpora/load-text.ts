import { expectEdition, TextError } from './edition.js';
import { EDITIONS, TEXT_IDS } from './editions.js';
import type { TextId } from './editions.js';

/** How a place reads the bundled file of that name: from disk in Node, by fetch in the page. */
export type ReadBundledText = (fileName: string) => Promise<Uint8Array<ArrayBuffer>>;

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
  const edition = EDITIONS[known];
  const bytes = 'file' in edition ? await readFile(edition.file) : await generate(known);
  expectEdition(known, bytes, edition);
  return bytes;
}

async function generate(id: TextId): Promise<Uint8Array<ArrayBuffer>> {
  const generators = await import('./generators/generators.js');
  return new TextEncoder().encode(generators[id as keyof typeof generators]());
}
