import { readFile } from 'node:fs/promises';
import { findText, TEXTS } from '../corpora/catalogue.js';
import { loadText } from '../corpora/load-text.js';
import { decodeUtf8 } from '../engine/internal.js';
import { CliError } from './cli-error.js';
import { readBytes } from './files.js';

/** Larger ones would not fit into the engine's memory beside a model. */
const MAX_TEXT_BYTES = 64 * 2 ** 20;

/** The text of `--text`: the id of a bundled one, or a file. A file with the name of a bundled text is `./names`. */
export async function readText(flag: string, idOrPath: string): Promise<string> {
  return findText(idOrPath) ? decodeUtf8(await loadText(idOrPath, readBundled)) : readTextFile(flag, idOrPath);
}

/** @throws CliError */
export async function readTextFile(flag: string, path: string): Promise<string> {
  const bytes = await readBytes(flag, path, MAX_TEXT_BYTES).catch((error: unknown) => {
    throw error instanceof CliError && !/[./\\]/.test(path)
      ? new CliError(`${error.message}; bundled texts are ${TEXTS.map((text) => text.id).join(', ')}`)
      : error;
  });
  if (bytes.length === 0)
    throw new CliError(`${flag} ${path} is empty, expected a text of at least some hundred characters`);
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    throw new CliError(`${flag} ${path}: ${(error as Error).message}`);
  }
}

const FOLDER = new URL('../corpora/texts/', import.meta.url);

/** A file of the catalogue. */
export async function readBundled(fileName: string): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(new URL(fileName, FOLDER)).catch(() => {
    throw new CliError(`the file ${fileName} is missing from this installation; install or build Unroll again`);
  });
}
