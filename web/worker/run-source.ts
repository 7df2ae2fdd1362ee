import type { Engine, PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import { LastingRun } from '../run/lasting-run.js';
import type { LastingRunOptions } from '../run/lasting-run.js';
import { Run } from '../run/run.js';
import type { Engines } from './engines.js';
import type { SeveralWorkers } from './several-workers.js';
import type { TextCache } from './text-cache.js';

export interface RunSourceOptions {
  readonly engines: Engines;
  readonly texts: TextCache;
  /** Loads what runs with several workers need. */
  readonly severalWorkers: () => Promise<SeveralWorkers>;
}

/** Where runs come from: an engine, a text, and threads if there are several workers. */
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
  load({ text, fast }: RunConfig): Promise<[Engine, PreparedText]> {
    return Promise.all([this.engine(fast), this.#options.texts.load(text)]);
  }

  several(): Promise<SeveralWorkers> {
    return this.#options.severalWorkers();
  }

  async make(config: RunConfig): Promise<Run> {
    const [engine, text] = await this.load(config);
    if (config.workers === 1) return new Run(engine, config, text);
    return (await this.several()).start(engine, config, text);
  }

  start(config: RunConfig, options: Omit<LastingRunOptions, 'make'>): Promise<LastingRun> {
    let goesOn = options.from != null;
    const make = async (): Promise<Run> => {
      // What reads a state is in the deferred part, for which no call is to wait.
      if (goesOn) await (await this.engine(config.fast)).complete();
      goesOn = true;
      return this.make(config);
    };
    return LastingRun.start({ make, ...options });
  }
}
