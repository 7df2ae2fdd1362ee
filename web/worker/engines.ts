import type { Engine } from '../engine/index.js';

export type WantedBuild = 'strict' | 'fast';

/**
 * The worker's engines. Each is loaded when it is first wanted; one that could not be is tried again the next time, and
 * one that has broken down is replaced.
 */
export class Engines {
  readonly #make: (build: WantedBuild) => Promise<Engine>;
  readonly #made = new Map<WantedBuild, Promise<Engine>>();

  constructor(make: (build: WantedBuild) => Promise<Engine>) {
    this.#make = make;
  }

  /** The engine for a run; a fast one may turn out to be strict, and says why. */
  async get(build: WantedBuild): Promise<Engine> {
    const made = this.#made.get(build);
    if (made !== undefined) {
      const engine = await made;
      if (!engine.stopped) return engine;
      // Unless another request has come first.
      if (this.#made.get(build) === made) this.#made.delete(build);
      return this.get(build);
    }
    const engine = this.#make(build);
    this.#made.set(build, engine);
    engine.catch(() => this.#made.delete(build));
    return engine;
  }
}
