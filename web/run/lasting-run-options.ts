import type { UnrollError } from '../engine/index.js';
import { wholeFrom } from '../engine/fields.js';
import type { Reader } from '../engine/fields.js';
import { aFunction, optional, readAll } from '../parallel/arguments.js';
import { aCheckpoint } from './arguments.js';
import type { RunCheckpoint } from './checkpoint.js';
import type { Run } from './run.js';

export interface LastingRunOptions {
  /** Makes the run, at step 0, with a living engine (see `Engine.stopped`); again after each breakdown. */
  readonly make: () => Promise<Run>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Where it begins, instead of at step 0. */
  readonly from?: RunCheckpoint | null | undefined;
  /** A step after `from` up to which everything has been told already; those steps are done once more, in silence. */
  readonly toldStep?: number | undefined;
  /** Gets each new checkpoint, which is not to be changed. */
  readonly onCheckpoint?: ((checkpoint: RunCheckpoint) => void) | undefined;
  /** Is told of a breakdown, before the run goes on from the last checkpoint. */
  readonly onBreakdown?: ((error: UnrollError) => void) | undefined;
  /** Lets other work in while steps are done anew. */
  readonly breathe?: (() => Promise<void>) | undefined;
}

const maybeCalled = optional(aFunction);

const FIELDS = {
  make: aFunction,
  now: aFunction,
  from: ((where, value) => (value == null ? null : aCheckpoint(where, value))) as Reader<RunCheckpoint | null>,
  toldStep: optional(wholeFrom(0)),
  onCheckpoint: maybeCalled,
  onBreakdown: maybeCalled,
  breathe: maybeCalled,
};

/** As plain data of our own, and functions. */
export const ownLastingOptions = (options: unknown): LastingRunOptions =>
  readAll('LastingRun.start', options, FIELDS) as LastingRunOptions;
