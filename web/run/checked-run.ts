import { aNumber, refuse } from '../engine/internal.js';
import type { Engine, LanguageModelTrainer, Trainer, TrainingData } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { anEngine, readAll } from '../parallel/arguments.js';
import { aCheckpoint, checkSlice, ownConfig } from './arguments.js';
import type { RunCheckpoint } from './checkpoint.js';
import type { RunEvent } from './run-events.js';
import { Run as TrustingRun } from './run.js';
import type { RunOptions } from './run-options.js';
import { ownOptions } from './run-options.js';

/**
 * A run for whoever comes: what it is given is read once, and refused with `INVALID_ARGUMENT` unless it is of the right
 * type. The page's own worker, which a compiler has checked, does without.
 */
export class Run<Kind extends Trainer = LanguageModelTrainer> extends TrustingRun<Kind> {
  constructor(engine: Engine, config: RunConfig, data: TrainingData, options: RunOptions = {}) {
    const [own, given] = [ownConfig(config), ownOptions('Run', options)];
    const task = given.task?.name ?? 'language';
    if (task !== own.task) refuse('RunConfig: task', own.task, `${task}, which is the task that is given`);
    super(anEngine('Run: engine', engine), own, data, given);
  }

  override async advance(maxMs: number, maxSteps = Infinity): Promise<readonly RunEvent[]> {
    checkSlice('Run.advance', maxMs, maxSteps);
    return super.advance(maxMs, maxSteps);
  }

  override async adjust(values: Pick<RunConfig, 'learningRate' | 'clipNorm'>): Promise<void> {
    return super.adjust(readAll('Run.adjust', values, { learningRate: aNumber, clipNorm: aNumber }));
  }

  override async restore(checkpoint: RunCheckpoint): Promise<void> {
    return super.restore(aCheckpoint('Run.restore', checkpoint));
  }
}
