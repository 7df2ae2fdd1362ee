import type { Engine, Trainer, TrainingData } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import type { WorkersChoice } from '../parallel/choose.js';
import type { SpawnReplica } from '../parallel/thread.js';
import { chooseRunWorkers } from '../run/choose-workers.js';
import type { Run } from '../run/run.js';
import { startRun } from '../run/start-run.js';
import { msForFlops } from './endurance.js';
import type { Ingredients } from './run-source.js';

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
  async start(engine: Engine, config: RunConfig, data: TrainingData): Promise<Run<Trainer>> {
    await engine.complete();
    return startRun<Trainer>(engine, config, data, this.#spawn);
  }

  /** What choosing does in one piece at the most: a few steps. */
  longestMs({ engine, task, data }: Ingredients, config: RunConfig): number {
    return msForFlops(4 * task.stepFlops(engine, config, data));
  }

  /** How many of them pay here. */
  async choose({ engine, data }: Ingredients, config: RunConfig): Promise<WorkersChoice> {
    await engine.complete();
    return chooseRunWorkers(engine, config, data, this.#spawn, this.#cores);
  }
}
