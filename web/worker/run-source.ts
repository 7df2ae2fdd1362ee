import type { Engine, Trainer } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import { LastingRun } from '../run/lasting-run.js';
import type { LastingRunOptions } from '../run/lasting-run.js';
import { Run } from '../run/run.js';
import type { DataCache, TaskAndData } from './data-cache.js';
import type { Engines } from './engines.js';
import type { SeveralWorkers } from './several-workers.js';

export interface RunSourceOptions {
  readonly engines: Engines;
  readonly data: DataCache;
  /** Loads what runs with several workers need. */
  readonly severalWorkers: () => Promise<SeveralWorkers>;
}

/** What a run is made of. */
export interface Ingredients extends TaskAndData {
  readonly engine: Engine;
}

/** Where runs come from: an engine, a task with its data, and threads if there are several workers. */
export class RunSource {
  readonly #options: RunSourceOptions;

  constructor(options: RunSourceOptions) {
    this.#options = options;
  }

  /** One that works. */
  engine(fast: boolean): Promise<Engine> {
    return this.#options.engines.get(fast ? 'fast' : 'strict');
  }

  /** What a run is made of, fetched side by side. */
  async load(config: RunConfig): Promise<Ingredients> {
    const [engine, found] = await Promise.all([this.engine(config.fast), this.#options.data.load(config)]);
    return { engine, ...found };
  }

  several(): Promise<SeveralWorkers> {
    return this.#options.severalWorkers();
  }

  async make(config: RunConfig): Promise<Run<Trainer>> {
    const { engine, task, data } = await this.load(config);
    if (config.workers === 1) return new Run<Trainer>(engine, config, data, { task });
    return (await this.several()).start(engine, config, data);
  }

  start(config: RunConfig, options: Omit<LastingRunOptions<Trainer>, 'make'>): Promise<LastingRun<Trainer>> {
    let goesOn = options.from != null;
    const make = async (): Promise<Run<Trainer>> => {
      // What reads a state is in the deferred part, for which no call is to wait.
      if (goesOn) await (await this.engine(config.fast)).complete();
      goesOn = true;
      return this.make(config);
    };
    return LastingRun.start<Trainer>({ make, ...options });
  }
}
