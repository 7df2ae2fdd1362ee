import type { Engine, TrainingData } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import { MAX_WORKERS } from '../links/shared-fields.js';
import { chooseWorkers } from '../parallel/choose.js';
import type { WorkersChoice } from '../parallel/choose.js';
import { sameEngine } from '../parallel/same-engine.js';
import type { SpawnReplica } from '../parallel/thread.js';
import { loadTask } from '../tasks/tasks.js';

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
  const task = await loadTask(config.task);
  return chooseWorkers(
    { engine, config: task.trainerConfig(config), data, spawn, engineOptions: sameEngine(engine) },
    { cores, stepFlops: task.stepFlops(engine, config, data), limit: MAX_WORKERS },
  );
}
