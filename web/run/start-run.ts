import type { Engine, PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { aFunction } from '../parallel/arguments.js';
import { Replicas } from '../parallel/replicas.js';
import { sameEngine } from '../parallel/same-engine.js';
import type { SpawnReplica } from '../parallel/thread.js';
import { ownConfig } from './arguments.js';
import { trainerConfig } from './engine-config.js';
import { Run } from './run.js';
import type { RunOptions } from './run-options.js';
import { ownOptions } from './run-options.js';

/** A run with as many threads as its configuration has workers. Throws and rejects as `Run` and `Replicas.start()`. */
export async function startRun(
  engine: Engine,
  config: RunConfig,
  text: string | PreparedText,
  spawn: SpawnReplica,
  options: Omit<RunOptions, 'replicas'> = {},
): Promise<Run> {
  const own = ownConfig(config);
  const given = ownOptions('startRun', options);
  aFunction('startRun: spawn', spawn);
  if (own.workers === 1) return new Run(engine, own, text, given);
  const replicas = await Replicas.start({
    engine,
    config: { ...trainerConfig(own), ...given.start },
    text,
    count: own.workers,
    engineOptions: sameEngine(engine),
    spawn,
  });
  // It owns the replicas, and deletes them when it refuses the prompt.
  return new Run(engine, own, text, { ...given, replicas });
}
