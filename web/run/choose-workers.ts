import type { Engine, PreparedText } from '../engine/index.js';
import { MAX_WORKERS } from '../links/shared-fields.js';
import type { RunConfig } from '../links/run-config.js';
import { chooseWorkers } from '../parallel/choose.js';
import type { WorkersChoice } from '../parallel/choose.js';
import { sameEngine } from '../parallel/same-engine.js';
import type { SpawnReplica } from '../parallel/thread.js';
import { distinctCharacters } from './distinct-characters.js';
import { trainerConfig } from './engine-config.js';

/**
 * How many workers pay for a run here, measured on copies that are thrown away.
 *
 * @param cores how many threads run at once here
 */
export async function chooseRunWorkers(
  engine: Engine,
  config: RunConfig,
  text: PreparedText,
  spawn: SpawnReplica,
  cores: number,
): Promise<WorkersChoice> {
  const own = trainerConfig(config);
  const { flopsPerChar } = engine.plan({ ...own, vocabSize: distinctCharacters(text) });
  return chooseWorkers(
    { engine, config: own, data: text, spawn, engineOptions: sameEngine(engine) },
    { cores, stepFlops: flopsPerChar * config.batch * config.seq, limit: MAX_WORKERS },
  );
}
