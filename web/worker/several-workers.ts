import type { Engine, PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import type { WorkersChoice } from '../parallel/choose.js';
import type { SpawnReplica } from '../parallel/thread.js';
import { chooseRunWorkers } from '../run/choose-workers.js';
import { distinctCharacters } from '../tasks/language/distinct-characters.js';
import { trainerConfig } from '../tasks/language/engine-config.js';
import type { Run } from '../run/run.js';
import { startRun } from '../run/start-run.js';
import { msForFlops } from './endurance.js';

/** What only runs with several workers need; a session loads it with the first of them. */
export class SeveralWorkers {
  readonly #spawn: SpawnReplica;
  readonly #cores: number;

  /** `cores`: how many threads run at once here. */
  constructor(spawn: SpawnReplica, cores: number) {
    this.#spawn = spawn;
    this.#cores = cores;
  }

  /** What replicas call is in the engine's deferred part, for which no call should have to wait. */
  async start(engine: Engine, config: RunConfig, text: PreparedText): Promise<Run> {
    await engine.complete();
    return startRun(engine, config, text, this.#spawn);
  }

  /** What choosing does in one piece at the most: a few steps. */
  longestMs(engine: Engine, config: RunConfig, text: PreparedText): number {
    const { flopsPerChar } = engine.plan({ ...trainerConfig(config), vocabSize: distinctCharacters(text) });
    return msForFlops(4 * flopsPerChar * config.batch * config.seq);
  }

  /** How many of them pay here. */
  async choose(engine: Engine, config: RunConfig, text: PreparedText): Promise<WorkersChoice> {
    await engine.complete();
    return chooseRunWorkers(engine, config, text, this.#spawn, this.#cores);
  }
}
