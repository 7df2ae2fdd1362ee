import type { Engine, PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { Replicas } from '../parallel/replicas.js';
import { sameEngine } from '../parallel/same-engine.js';
import type { SpawnReplica } from '../parallel/thread.js';
import { trainerConfig } from './engine-config.js';
import { Run } from './run.js';
import type { RunOptions } from './run-options.js';

/** A run with as many threads as its configuration has workers. Throws and rejects as `Run` and `Replicas.start()`. */
export async function startRun(
  engine: Engine,
  config: RunConfig,
  text: string | PreparedText,
  spawn: SpawnReplica,
  options: Omit<RunOptions, 'replicas'> = {},
  type = Run,
): Promise<Run> {
  if (config.workers === 1) return new type(engine, config, text, options);
  const replicas = await Replicas.start({
    engine,
    config: { ...trainerConfig(config), ...options.start },
    data: text,
    count: config.workers,
    engineOptions: sameEngine(engine),
    spawn,
  });
  // It owns the replicas, and deletes them when it refuses the prompt.
  return new type(engine, config, text, { ...options, replicas });
}
