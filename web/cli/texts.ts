import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { findText, TEXTS } from '../corpora/catalogue.js';
import { loadText } from '../corpora/load-text.js';
import { decodeUtf8 } from '../engine/internal.js';
import type { RunConfig } from '../links/index.js';
import { CliError } from './cli-error.js';
import { readBytes } from './files.js';

/** Larger ones would not fit into the engine's memory beside a model. */
const MAX_TEXT_BYTES = 64 * 2 ** 20;

/** A text to train or to evaluate on. */
export interface NamedText {
  /** How a run's configuration says it. */
  readonly source: RunConfig['text'];
  /** What to call it in front of people. */
  readonly name: string;
  readonly text: string;
  /** Where it lies; for one that is no file, where the program was started. */
  readonly folder: string;
}

/** The text of `--text`: the id of a bundled one, or a file. A file with the name of a bundled text is `./names`. */
export async function readText(flag: string, idOrPath: string): Promise<NamedText> {
  if (findText(idOrPath)) return readBundled(idOrPath);
  const bytes = await readBytes(flag, idOrPath, MAX_TEXT_BYTES).catch((error: unknown) => {
    throw error instanceof CliError && !/[./\\]/.test(idOrPath)
      ? new CliError(`${error.message}; bundled texts are ${TEXTS.map((text) => text.id).join(', ')}`)
      : error;
  });
  const text = decode(flag, idOrPath, bytes);
  return { source: { own: text }, name: basename(idOrPath), text, folder: dirname(idOrPath) };
}

/** The text that a run names or brings along. */
export async function readRunText(source: RunConfig['text']): Promise<NamedText> {
  if (typeof source === 'string') return readBundled(source);
  return { source, name: 'its own text', text: source.own, folder: '.' };
}

async function readBundled(id: string): Promise<NamedText> {
  const folder = new URL('../corpora/texts/', import.meta.url);
  const bytes = await loadText(id, async (fileName) => {
    return readFile(new URL(fileName, folder)).catch(() => {
      throw new CliError(`the text "${id}" is missing from this installation; install or build Unroll again`);
    });
  });
  return { source: id, name: id, text: decodeUtf8(bytes), folder: '.' };
}

function decode(flag: string, path: string, bytes: Uint8Array): string {
  if (bytes.length === 0)
    throw new CliError(`${flag} ${path} is empty, expected a text of at least some hundred characters`);
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    throw new CliError(`${flag} ${path}: ${(error as Error).message}`);
  }
}
