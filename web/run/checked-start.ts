import { aFunction, aNumber } from '../engine/internal.js';
import type { Engine, LanguageModelTrainer, Trainer, TrainingData } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { anEngine, someData } from '../parallel/arguments.js';
import type { WorkersChoice } from '../parallel/choose.js';
import type { SpawnReplica } from '../parallel/thread.js';
import { ownConfig } from './arguments.js';
import { Run } from './checked-run.js';
import * as choosing from './choose-workers.js';
import type { RunOptions } from './run-options.js';
import { ownOptions } from './run-options.js';
import * as starting from './start-run.js';

/** A run with as many threads as its configuration has workers. Throws and rejects as `Run` and `Replicas.start()`. */
export async function startRun<Kind extends Trainer = LanguageModelTrainer>(
  engine: Engine,
  config: RunConfig,
  data: TrainingData,
  spawn: SpawnReplica,
  options: Omit<RunOptions, 'replicas' | 'task'> = {},
): Promise<Run<Kind>> {
  aFunction('startRun: spawn', spawn);
  const own = ownOptions('startRun', options);
  return starting.startRun<Kind>(
    anEngine('startRun: engine', engine),
    ownConfig(config),
    data,
    spawn,
    own,
    Run,
  ) as Promise<Run<Kind>>;
}

/**
 * How many workers pay for a run here, measured on copies that are thrown away.
 *
 * @param cores how many threads run at once here
 */
export async function chooseRunWorkers(
  engine: Engine,
  config: RunConfig,
  data: TrainingData,
  spawn: SpawnReplica,
  cores: number,
): Promise<WorkersChoice> {
  return choosing.chooseRunWorkers(
    anEngine('chooseRunWorkers: engine', engine),
    ownConfig(config),
    someData('chooseRunWorkers: data', data),
    aFunction('chooseRunWorkers: spawn', spawn) as SpawnReplica,
    aNumber('chooseRunWorkers: cores', cores),
  );
}
