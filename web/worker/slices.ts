import { Tenth } from './tenth.js';

/** What is done with a run comes in slices, and requests come in between: only one touches it at a time. */
export class Slices {
  readonly #tenth: Tenth;
  /** What the run does just now; messages come in between. */
  #slice: Promise<unknown> = Promise.resolve();
  /** What training waits for. */
  #between: Promise<unknown> = Promise.resolve();

  constructor(now: () => number) {
    this.#tenth = new Tenth(now);
  }

  /** What the run does now; who wants to do something else with it waits. */
  hold<Value>(work: Promise<Value>): Promise<Value> {
    this.#slice = work.catch(() => undefined);
    return work;
  }

  /** Something that somebody waits for, between two slices of training, which waits meanwhile. */
  between<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = Promise.all([this.#between, this.#slice]).then(work);
    this.#between = done.catch(() => undefined);
    return done;
  }

  /** Something to look at, between two slices, that takes at most a tenth of the time while there is training. */
  seldom<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.#tenth.turn(() => this.between(() => this.#tenth.spend(work)));
  }

  /** Waits for what has come in between. */
  async settled(): Promise<void> {
    await this.#between;
  }

  /** A slice of training took so long. */
  trained(ms: number): void {
    this.#tenth.earn(ms);
  }

  /** Training has ended for now. */
  rest(): void {
    this.#tenth.rest();
  }
}
