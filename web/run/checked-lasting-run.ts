import type { Reader } from '../engine/internal.js';
import { aFunction, wholeFrom } from '../engine/internal.js';
import type { LanguageModelTrainer, Trainer } from '../engine/index.js';
import { optional, readAll } from '../parallel/arguments.js';
import { aCheckpoint, aRun, checkSlice } from './arguments.js';
import type { RunCheckpoint } from './checkpoint.js';
import { LastingRun as TrustingRun } from './lasting-run.js';
import type { LastingRunOptions } from './lasting-run.js';
import type { RunEvent } from './run-events.js';
import type { Run } from './run.js';

/** A lasting run for whoever comes, as `Run` of this entry. */
export class LastingRun<Kind extends Trainer = LanguageModelTrainer> extends TrustingRun<Kind> {
  static override async start<Kind extends Trainer = LanguageModelTrainer>(
    options: LastingRunOptions<Kind>,
  ): Promise<LastingRun<Kind>> {
    const own = readAll('LastingRun.start', options, FIELDS) as unknown as LastingRunOptions<Kind>;
    const make = async () => {
      const run = await own.make();
      aRun('LastingRun: what make() gave', run);
      return run;
    };
    return super.start({ ...own, make });
  }

  override async advance(maxMs: number, maxSteps = Infinity): Promise<readonly RunEvent[]> {
    checkSlice('LastingRun.advance', maxMs, maxSteps);
    return super.advance(maxMs, maxSteps);
  }

  override async ask<Value>(question: (run: Run<Kind>) => Value | Promise<Value>): Promise<Value> {
    aFunction('LastingRun.ask: question', question);
    return super.ask(question);
  }
}

const maybeCalled = optional(aFunction);

const FIELDS = {
  make: aFunction,
  now: aFunction,
  from: ((where, value) => (value == null ? null : aCheckpoint(where, value))) as Reader<RunCheckpoint | null>,
  toldStep: optional(wholeFrom(0)),
  onCheckpoint: maybeCalled,
  onBreakdown: maybeCalled,
  yieldToEvents: maybeCalled,
};
