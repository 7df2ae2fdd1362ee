import { setImmediate } from 'node:timers/promises';
import { UnrollError } from '../engine/index.js';
import type { Engine, Trainer, TrainingData } from '../engine/index.js';
import { dataFieldOf } from '../links/run-config.js';
import type { RunConfig } from '../links/run-config.js';
import { spawnInNode } from '../parallel/node-thread.js';
import { LastingRun, startRun } from '../run/index.js';
import type { Run, RunCheckpoint, Start } from '../run/index.js';
import { CliError } from './cli-error.js';
import { loadEngine } from './load-engine.js';
import type { Resumed } from './resume.js';
import { note } from './terminal.js';

/** How a run is made, also when it is made anew because its engine has broken down. */
export interface Making {
  /** The engine, or a new one when that has broken down. */
  readonly engine: () => Promise<Engine>;
  readonly config: RunConfig;
  readonly data: TrainingData;
  readonly samples: boolean;
  /** Steps at which the fingerprint is wanted. */
  readonly marks: readonly number[];
  /** Makes the model that it starts from, or null. */
  readonly start: ((engine: Engine) => Required<Start>) | null;
}

export function livingEngine(fast: boolean): Making['engine'] {
  let engine: Engine | null = null;
  return async () => (engine = engine === null || engine.stopped ? await loadEngine(fast) : engine);
}

/** A run that outlives its engine, from its beginning or from a checkpoint. */
export function lastingRun(making: Making, from: RunCheckpoint | null): Promise<LastingRun<Trainer>> {
  return LastingRun.start({
    make: () =>
      makeRun(making).catch((error: unknown) => {
        throw isForeign(error)
          ? new CliError(`${error.message.replace(/^Trainer: |;.*/gs, '')}; leave them out, or add --grow-vocabulary`)
          : error;
      }),
    now: () => performance.now(),
    from,
    onBreakdown: ({ message }) => note(`unroll: ${message.split(';')[0]}; it goes on from its last checkpoint`),
    yieldToEvents: async () => setImmediate(),
  });
}

async function makeRun(making: Making): Promise<Run<Trainer>> {
  const { config, data, samples, marks, start: startIn } = making;
  const engine = await making.engine();
  const start = startIn?.(engine);
  try {
    return await startRun<Trainer>(engine, config, data, spawnInNode, { samples, marks, start });
  } finally {
    start?.model?.delete();
  }
}

/** A run that goes on: how it is made, from where, and whether it was changed in a way that no link can say. */
export interface GoingOn {
  readonly making: Making;
  readonly checkpoint: RunCheckpoint;
  readonly isAdjusted: boolean;
}

/**
 * Restores once, to find out whether all fits, and to change the learning rate and the clipping: a checkpoint of then
 * belongs to a run with these.
 *
 * @throws CliError
 */
export async function goOn(making: Making, { path, saved, adjust }: Resumed): Promise<GoingOn> {
  const { learningRate, clipNorm } = saved.values;
  const explain = (error: unknown): never => {
    throw error instanceof UnrollError ? new CliError(`--resume ${path}: ${reasonOf(error, making.config)}`) : error;
  };
  const run = await makeRun({ ...making, config: { ...making.config, learningRate, clipNorm } }).catch(
    (error: unknown) => {
      throw isForeign(error) ? explain(error) : error;
    },
  );
  try {
    await run.restore(saved.checkpoint).catch(explain);
    const before = run.config;
    await run.adjust({ learningRate: before.learningRate, clipNorm: before.clipNorm, ...adjust });
    const isAdjusted = run.config.learningRate !== before.learningRate || run.config.clipNorm !== before.clipNorm;
    return { making: { ...making, config: run.restorable }, checkpoint: (await run.checkpoint())!, isAdjusted };
  } finally {
    run.delete();
  }
}

/** Whether a text has characters that the model does not know from which the training starts. */
function isForeign(error: unknown): error is UnrollError {
  return error instanceof UnrollError && error.code === 'NOT_IN_VOCABULARY' && error.message.startsWith('Trainer:');
}

/** All but the data has been made the same, so that whatever does not fit comes from there. */
function reasonOf({ code, message }: UnrollError, { task }: RunConfig): string {
  if (!['INVALID_CONFIG', 'INVALID_ARGUMENT', 'NOT_IN_VOCABULARY'].includes(code)) return message;
  const { name } = dataFieldOf(task);
  // Only language models can start from another one.
  return task === 'language'
    ? `its training is of another text; give the same --${name} again, or start anew from its model with --init-from`
    : `its training is of other data; give the same --${name} again, or start anew`;
}
