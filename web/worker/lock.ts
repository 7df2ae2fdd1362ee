import { CANCELLED } from '../parallel/rpc.js';

/** Thrown by work that was overtaken. */
export class Cancelled extends Error {
  readonly code = CANCELLED;
}

/** How work on a run is told to stop: `paused` ends it in peace, `cancelled` means that nobody waits for it any more. */
export interface Token {
  paused: boolean;
  cancelled: boolean;
}

/**
 * Lets only one piece of work at a time touch the run. A new one overtakes the one before, which stops after its slice
 * under way; only then the new one begins.
 */
export class Lock {
  #token: Token | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work as soon as the one before has stopped. Rejects with `Cancelled` when it is overtaken itself. */
  acquire<Value>(work: (token: Token) => Promise<Value>): Promise<Value> {
    if (this.#token !== null) this.#token.cancelled = true;
    const token: Token = { paused: false, cancelled: false };
    this.#token = token;
    const before = this.#last;
    const turn = (async () => {
      await before;
      if (token.cancelled) throw new Cancelled();
      return work(token);
    })();
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Does work that is not overtaken: what comes after it waits until it is done. */
  hold<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Asks the work under way to stop in peace, and waits until it has. */
  async pause(): Promise<void> {
    if (this.#token !== null) this.#token.paused = true;
    await this.#last;
  }
}
