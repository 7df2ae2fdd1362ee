/**
 * The rule by which a silent worker is told from a dead one.
 *
 * The page asks once a second whether the worker is alive, and the worker answers between two pieces of work: some tens of
 * milliseconds mostly, but a step of the largest networks takes minutes, and nothing can be said in the middle of it. So
 * the worker says beforehand how long it may be silent: ten times what the longest such piece has taken so far, or, before
 * the first, what the slowest machine would need. A worker that is silent for longer than that, and some seconds, is dead.
 */

/** How fast the slowest machine computes: a tenth of a telephone of 2021. */
const SLOWEST_FLOPS_PER_MS = 5e5;

/** How fast it counts the pairs of characters of a text, which is the longest that is done with a text in one piece. */
const SLOWEST_BYTES_PER_MS = 100;

/** A piece may take so many times as long as the longest before: another program may want the machine. */
const SAFETY = 10;

/** Silences that are shorter need not be announced. */
const UNANNOUNCED_MS = 2000;

export const msForFlops = (flops: number): number => flops / SLOWEST_FLOPS_PER_MS;
export const msForBytes = (bytes: number): number => bytes / SLOWEST_BYTES_PER_MS;

/** The worker's end: announces the silences that may come. */
export class Endurance {
  readonly #announce: (ms: number) => void;
  readonly #open = new Set<{ readonly ms: number }>();
  #announced = 0;

  constructor(announce: (ms: number) => void) {
    this.#announce = announce;
  }

  /** Does work of which a single piece may take so long. */
  async during<Value>(ms: number, work: () => Value | Promise<Value>): Promise<Value> {
    const piece = { ms };
    this.#open.add(piece);
    this.#tell();
    try {
      return await work();
    } finally {
      this.#open.delete(piece);
      this.#tell();
    }
  }

  #tell(): void {
    const longest = Math.max(0, ...[...this.#open].map(({ ms }) => ms));
    const ms = longest > UNANNOUNCED_MS ? Math.ceil(longest) : 0;
    if (ms === this.#announced) return;
    this.#announced = ms;
    this.#announce(ms);
  }
}

/** How long the next piece of each kind may take, learned from those before. */
export class PieceTimes<Kind> {
  readonly #longest = new Map<Kind, number>();

  note(kind: Kind, ms: number): void {
    this.#longest.set(kind, Math.max(ms, this.#longest.get(kind) ?? 0));
  }

  /** @param flops of a piece of this kind, in case that there was none yet */
  bound(kind: Kind, flops: number): number {
    const longest = this.#longest.get(kind);
    return longest === undefined ? msForFlops(flops) : SAFETY * longest;
  }
}
