import { UnrollError } from '../engine/index.js';
import type { Engine, LanguageModel, Trainer } from '../engine/index.js';
import { completeConfig } from '../links/index.js';
import type { ConfigValues, LinkError, RunConfig } from '../links/index.js';
import { dataFieldOf, fieldsOf } from '../links/run-config.js';
import { aString } from '../engine/internal.js';
import { anEngine } from '../parallel/arguments.js';
import { aCheckpoint, aRun } from './arguments.js';
import type { RunCheckpoint } from './checkpoint.js';
import { describeRun } from './save-run.js';
import type { Run } from './run.js';

/**
 * A run in a file, to go on with elsewhere: a safetensors file with one tensor of bytes for each worker, `worker.0`,
 * `worker.1` and so on, each of which is what its trainer saved. In the metadata, where everything is a string:
 *
 *   format       "unroll-run"
 *   version      "1"
 *   step         steps done
 *   run          JSON: the values of a run that restores it; data of one's own are null, and stay where they are
 *   vocabulary   the characters in the order of their tokens, when the run started from a model
 *   note         what the caller wants to know again
 */
export interface SavedRun {
  readonly checkpoint: RunCheckpoint;
  /** All but data of one's own. */
  readonly values: SavedValues;
  readonly vocabulary: string | null;
  readonly note: string;
}

/** The values of a run, in which what it learns from may be missing. */
export type SavedValues = Pick<RunConfig, 'task' | 'learningRate' | 'clipNorm'> & Readonly<ConfigValues>;

const FORMAT = 'unroll-run';
const VERSION = '1';

export function writeRunFile(run: Run<Trainer>, checkpoint: RunCheckpoint, note: string): Uint8Array<ArrayBuffer> {
  aRun('writeRunFile: run', run);
  const { step, states } = aCheckpoint('writeRunFile: checkpoint', checkpoint);
  const metadata = {
    format: FORMAT,
    version: VERSION,
    step: String(step),
    run: describeRun(run.restorable),
    ...(run.startsFromModel ? { vocabulary: vocabularyOf(run) } : {}),
    note: aString('writeRunFile: note', note),
  };
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  states.forEach((state, i) => {
    const begin = end;
    end += state.length;
    header[`worker.${i}`] = { dtype: 'U8', shape: [state.length], data_offsets: [begin, end] };
  });
  return concatenate(end, header, states);
}

/** @throws UnrollError `FILE_INVALID`, `FILE_NEWER` */
export function readRunFile(engine: Engine, bytes: Uint8Array): SavedRun {
  const { metadata, tensors } = anEngine('readRunFile: engine', engine).readSafetensors(bytes);
  if (metadata.get('format') !== FORMAT) fail('it is not a saved run');
  if (metadata.get('version') !== VERSION) {
    throw new UnrollError('FILE_NEWER', 'run file: it was written by a newer Unroll; update Unroll');
  }
  const states = tensors.map(({ name, data }, i) =>
    name === `worker.${i}` && data instanceof Uint8Array ? Uint8Array.from(data) : fail(`it has a tensor ${name}`),
  );
  const step = Number(metadata.get('step') || NaN);
  if (!Number.isSafeInteger(step) || states.length === 0) fail('it does not say where its run is');
  return {
    checkpoint: { step, states },
    values: valuesIn(metadata.get('run') ?? ''),
    vocabulary: metadata.get('vocabulary') ?? null,
    note: metadata.get('note') ?? '',
  };
}

/** 8 bytes with the header's length, the header, and the data, which begins at a multiple of 8. */
function concatenate(size: number, header: object, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const begin = 8 * Math.ceil((8 + json.length) / 8);
  const file = new Uint8Array(begin + size).fill(0x20, 0, begin);
  new DataView(file.buffer).setBigUint64(0, BigInt(begin - 8), true);
  file.set(json, 8);
  let offset = begin;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}

function valuesIn(json: string): SavedValues {
  try {
    const written = JSON.parse(json) as Record<string, unknown>;
    const missing = fieldsOf(written['task']).find(({ property }) => !Object.hasOwn(written, property));
    if (missing !== undefined) return fail(`its run does not say its ${missing.property}`);
    const { property: data, standard } = dataFieldOf(written['task']);
    // Any data will do for a look at the other values.
    const whole = completeConfig({ ...written, [data]: written[data] ?? standard });
    return { ...whole, [data]: written[data] ?? undefined };
  } catch (error) {
    if (error instanceof UnrollError) throw error;
    return fail(`its run cannot be read (${(error as LinkError | SyntaxError).message})`);
  }
}

function vocabularyOf(run: Run<Trainer>): string {
  return run.engine.scope((scope) => (scope.use(run.model()) as LanguageModel).vocabulary);
}

function fail(what: string): never {
  throw new UnrollError('FILE_INVALID', `run file: ${what}; expected what \`unroll train\` saves beside a model`);
}
