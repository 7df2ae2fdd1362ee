import { UnrollError } from '../engine/index.js';
import type { Measures } from '../tasks/task.js';
import type { Duty } from './duties.js';

/** A run at one of its steps, as plain data: `Run.restore()` goes on from there to the same bits as without a break. */
export interface RunCheckpoint {
  /** Steps done. */
  readonly step: number;
  /**
   * What `Trainer.saveState()` writes (weights, moments, random generator, place in the text, carried state), one file for
   * each worker in their order. The notes of the first hold what the run knows beside its trainer.
   */
  readonly states: readonly Uint8Array<ArrayBuffer>[];
}

/** What came of an evaluation. */
export interface Evaluated {
  readonly lossNats: number;
  readonly measures: Measures;
}

/** What a run knows beside its trainer. */
export interface RunMemory {
  /** The last evaluation of each part. */
  readonly validation: Evaluated | null;
  readonly test: Evaluated | null;
  /** What was due at this step and has been done. */
  readonly done: readonly Duty[];
  /** The learning rate, which may be another than that of the start. */
  readonly learningRate: number;
  /** Whether it has told of a blow-up, which it does once. */
  readonly blewUp: boolean;
}

/** The note under which it is kept. */
const KEY = 'run';

export function noteOf(memory: RunMemory): readonly (readonly [string, string])[] {
  return [[KEY, JSON.stringify(memory)]];
}

/** @throws UnrollError `FILE_INVALID` for the state of a trainer that no run has saved. */
export function readNote(notes: ReadonlyMap<string, string>): RunMemory {
  const memory = parse(notes.get(KEY) ?? '');
  if (memory !== null) return memory;
  throw new UnrollError(
    'FILE_INVALID',
    'Run.restore: the state has no note of a run, expected what Run.checkpoint() gave',
  );
}

function parse(written: string): RunMemory | null {
  try {
    const { validation, test, done, learningRate, blewUp } = JSON.parse(written) as RunMemory;
    const isEvaluated = (value: Evaluated | null) =>
      value === null || isNumbers([value.lossNats, ...Object.values(value.measures)]);
    const fits =
      isNumbers([learningRate]) &&
      isEvaluated(validation) &&
      isEvaluated(test) &&
      Array.isArray(done) &&
      typeof blewUp === 'boolean';
    return fits ? { validation, test, done, learningRate, blewUp } : null;
  } catch {
    return null;
  }
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}
