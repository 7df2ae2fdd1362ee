import type { FullModelConfig } from '../networks/model-config.js';
import { charactersOf, MODEL_FIELDS } from '../networks/model-config.js';
import { UnrollError } from '../errors.js';
import type { Reader } from '../arguments/fields.js';
import { readFields, refuse } from '../arguments/fields.js';
import { properties } from '../arguments/own.js';
import { show } from '../arguments/show.js';

/**
 * What a model file says about itself, in the `__metadata__` of safetensors, where everything is a string:
 *
 *   format               "pt", by which Python's tools know a PyTorch state_dict
 *   unroll.version       version of these entries
 *   unroll.generation    of the engine that trained it
 *   unroll.kind          Classifier, TextClassifier or Regressor; nothing for a language model
 *   unroll.config        JSON: cell, hiddenSize, numLayers, embeddingDim, dropout, init, forgetBias, seed, and what else
 *                        makes a network of its kind
 *   unroll.vocabulary    JSON: the characters, in the order of their tokens
 *   unroll.classes       JSON: what a TextClassifier calls its classes
 *   unroll.seed          of the initial weights, as in the configuration
 *   unroll.<note>        whatever else the writer knew: step, run, ...
 */
export interface ModelMetadata {
  readonly config: Partial<FullModelConfig>;
  readonly vocabulary: string;
  readonly notes: ReadonlyMap<string, string>;
}

/** Facts that are kept with a model, such as the step at which it was saved. */
export type ModelNotes = Readonly<Record<string, string | number>>;

/** Entries that a kind of network adds: its kind, what it knows. */
export type FileEntries = readonly [name: string, value: string][];

const VERSION = 1;
const PREFIX = 'unroll.';
/** Our own entries, which are no notes; those that are not read back are facts like notes. */
const STRUCTURE = ['version', 'kind', 'config', 'vocabulary', 'classes'];
const RESERVED = [...STRUCTURE, 'generation', 'seed'];

export function writeMetadata(
  config: { readonly seed?: number | undefined },
  own: FileEntries,
  generation: number,
  notes: unknown,
): [string, string][] {
  const entries: [string, string][] = [
    ['format', 'pt'],
    [`${PREFIX}version`, String(VERSION)],
    [`${PREFIX}generation`, String(generation)],
    [`${PREFIX}config`, JSON.stringify(config)],
    [`${PREFIX}seed`, String(config.seed ?? 1)],
    ...own,
  ];
  const given = properties(notes) ?? refuse('saveModel: the notes', notes, 'an object', 'are');
  for (const [name, value] of given) entries.push([noteKey(name), noteValue(name, value)]);
  return entries;
}

/**
 * Nothing when the file was not written by Unroll.
 *
 * @throws UnrollError `FILE_NEWER`, `FILE_INVALID`
 */
export function readMetadata(metadata: ReadonlyMap<string, string>): ModelMetadata | null {
  if (!isOurs(metadata)) return null;
  const kind = kindIn(metadata);
  if (kind !== undefined) {
    throw new UnrollError('FILE_INVALID', `model file: it holds a ${show(kind)}, expected a language model`);
  }
  const vocabulary = readEntry(metadata, 'vocabulary', charactersOf).join('');
  const config = readEntry(metadata, 'config', (where, value) => readFields(where, value, MODEL_FIELDS));
  const notes = new Map<string, string>();
  for (const [key, value] of metadata) {
    const name = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : '';
    if (name !== '' && !STRUCTURE.includes(name)) notes.set(name, value);
  }
  return { config, vocabulary, notes };
}

/** Of a network that is no language model. */
export const kindIn = (metadata: ReadonlyMap<string, string>): string | undefined => metadata.get(`${PREFIX}kind`);

/** Whether Unroll has written it, and no newer one than this. */
export function isOurs(metadata: ReadonlyMap<string, string>): boolean {
  const version = metadata.get(`${PREFIX}version`);
  if (version === undefined) return false;
  if (!/^[1-9][0-9]{0,8}$/.test(version)) fail(`its version is ${show(version)}, expected a number`);
  if (Number(version) > VERSION) {
    throw new UnrollError(
      'FILE_NEWER',
      `model file: it was written by a newer Unroll (version ${version} of the file, this one reads ${VERSION}); update Unroll`,
    );
  }
  return true;
}

/** One of its entries. */
export const readEntry = <Value>(metadata: ReadonlyMap<string, string>, name: string, read: Reader<Value>): Value =>
  checked(() => read(`its ${name}`, parse(metadata, name)));

function parse(metadata: ReadonlyMap<string, string>, name: string): unknown {
  const json = metadata.get(PREFIX + name) ?? fail(`it does not say its ${name}`);
  try {
    return JSON.parse(json);
  } catch {
    return fail(`its ${name} is ${show(json)}, expected JSON`);
  }
}

/** What a value in a file does not keep to is the file's fault, not the caller's. */
function checked<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnrollError && error.code === 'INVALID_ARGUMENT') fail(error.message);
    throw error;
  }
}

function noteKey(name: string): string {
  if (/^[a-z][A-Za-z0-9]{0,63}$/.test(name) && !RESERVED.includes(name)) return PREFIX + name;
  throw new UnrollError(
    'INVALID_ARGUMENT',
    `saveModel: a note is called ${show(name)}, expected up to 64 letters and digits and none of the file's own words`,
  );
}

function noteValue(name: string, value: unknown): string {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new UnrollError(
    'INVALID_ARGUMENT',
    `saveModel: the note ${name} is ${show(value)}, expected a string or a number`,
  );
}

function fail(what: string): never {
  throw new UnrollError('FILE_INVALID', `model file: ${what}; the file is damaged`);
}
