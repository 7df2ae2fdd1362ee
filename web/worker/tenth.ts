/** Looking may take one part of the time in so many; the others are for training. */
const PARTS = 10;

/** Keeps what only looks at a run to a tenth of the time: after work of 2 ms nothing is looked at for 18 ms of training. */
export class Tenth {
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  /** Milliseconds of training until there is a turn. */
  #owed = 0;
  #isTraining = false;
  #isTaken = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Does the work when there is time for it; those who wait come one after the other. */
  async turn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#isTaken || this.#owed > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      this.#isTaken = false;
      this.#next();
    }
  }

  /** Of a turn, what counts: not its waiting for a slice to end. */
  async spend<Value>(work: () => Promise<Value>): Promise<Value> {
    const start = this.#now();
    try {
      return await work();
    } finally {
      if (this.#isTraining) this.#owed = (PARTS - 1) * (this.#now() - start);
    }
  }

  /** So many milliseconds were trained, and there is more to come. */
  earn(ms: number): void {
    this.#isTraining = true;
    this.#owed = Math.max(0, this.#owed - ms);
    this.#next();
  }

  /** Training has ended for now: there is all the time. */
  rest(): void {
    this.#isTraining = false;
    this.#owed = 0;
    this.#next();
  }

  #next(): void {
    if (this.#isTaken || this.#owed > 0) return;
    const next = this.#waiting.shift();
    // Taken at once, or another would come before it has woken.
    this.#isTaken = next !== undefined;
    next?.();
  }
}
