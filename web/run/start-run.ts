import type { Engine, LanguageModelTrainer, Trainer, TrainingData } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { Replicas } from '../parallel/replicas.js';
import { sameEngine } from '../parallel/same-engine.js';
import type { SpawnReplica } from '../parallel/thread.js';
import { loadTask } from '../tasks/tasks.js';
import { Run } from './run.js';
import { trainerConfigOf } from './run-options.js';
import type { RunOptions } from './run-options.js';

/** A run with as many threads as its configuration has workers. Throws and rejects as `Run` and `Replicas.start()`. */
export async function startRun<Kind extends Trainer = LanguageModelTrainer>(
  engine: Engine,
  config: RunConfig,
  data: TrainingData,
  spawn: SpawnReplica,
  options: Omit<RunOptions, 'replicas' | 'task'> = {},
  type: typeof Run = Run,
): Promise<Run<Kind>> {
  const task = await loadTask(config.task);
  if (config.workers === 1) return new type<Kind>(engine, config, data, { ...options, task });
  const replicas = await Replicas.start<Kind>({
    engine,
    config: trainerConfigOf(task, config, options.start),
    data,
    count: config.workers,
    engineOptions: sameEngine(engine),
    spawn,
  });
  // It owns the replicas, and deletes them when it refuses the prompt.
  return new type<Kind>(engine, config, data, { ...options, task, replicas });
}
