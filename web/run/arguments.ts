import type { Reader } from '../engine/internal.js';
import { aFlag, aNumber, aString, numbers, oneOf, property, wholeFrom } from '../engine/internal.js';
import type { RunConfig } from '../links/index.js';
import { CELLS, OPTIMIZERS } from '../links/run-config.js';
import { anInstance, files, readAll } from '../parallel/arguments.js';
import type { RunCheckpoint } from './checkpoint.js';
import { Run } from './run.js';

/** A run's values by their types. The engine knows the ranges of what is its own. */
const FIELDS = {
  text: ((where, value) =>
    typeof value === 'string' ? value : { own: aString(`${where}.own`, property(value, 'own')) }) as Reader<
    RunConfig['text']
  >,
  cell: oneOf(CELLS),
  hidden: aNumber,
  layers: aNumber,
  embedding: aNumber,
  dropout: aNumber,
  forgetBias: aNumber,
  batch: aNumber,
  seq: aNumber,
  steps: wholeFrom(1),
  lr: aNumber,
  optimizer: oneOf(OPTIMIZERS),
  clip: aNumber,
  seed: aNumber,
  split: numbers(3) as unknown as Reader<RunConfig['split']>,
  workers: wholeFrom(1),
  evalEvery: wholeFrom(0),
  sampleEvery: wholeFrom(0),
  prompt: aString,
  temperature: aNumber,
  sampleSeed: aNumber,
  sampleLength: aNumber,
  greedy: aFlag,
  fast: aFlag,
};

/** All of a run's values, as plain data of our own. */
export const ownConfig = (config: unknown): RunConfig => readAll('RunConfig', config, FIELDS);

/** What `advance()` is given. */
export function checkSlice(who: string, maxMs: number, maxSteps: number): void {
  aNumber(`${who}: maxMs`, maxMs);
  aNumber(`${who}: maxSteps`, maxSteps);
}

export const aRun = anInstance(Run, 'a Run', 'config');

const CHECKPOINT_FIELDS = { step: wholeFrom(0), states: files };

export const aCheckpoint: Reader<RunCheckpoint> = (where, value) => readAll(where, value, CHECKPOINT_FIELDS);
