/** How often the worker is asked. */
const BEAT_MS = 1000;

/** How long it may be silent without having said so (see `endurance.ts`): a busy machine may keep it waiting. */
const PATIENCE_MS = 4000;

/**
 * The page's end of the rule in `endurance.ts`. It counts beats and not time: when the machine has slept, or the browser
 * has slowed down the timers of a hidden page, few beats have gone by, and the worker has had as long to answer.
 */
export class Heartbeat {
  readonly #ping: () => void;
  readonly #onSilence: () => void;
  #silentBeats = 0;
  #announcedMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ping: () => void, onSilence: () => void) {
    this.#ping = ping;
    this.#onSilence = onSilence;
  }

  /** The worker has said something. The first time that is when its thread runs, and its script is loaded. */
  heard(): void {
    this.#silentBeats = 0;
    if (this.#timer === undefined) this.#wait();
  }

  /** The worker may be silent for so long from now on. */
  expectSilence(ms: number): void {
    this.#announcedMs = ms;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  // One after the other: of an interval, those that were missed would come at once.
  #wait(): void {
    this.#timer = setTimeout(() => this.#beat(), BEAT_MS);
  }

  #beat(): void {
    if (this.#silentBeats * BEAT_MS >= PATIENCE_MS + this.#announcedMs) {
      this.#onSilence();
      return;
    }
    this.#silentBeats += 1;
    this.#ping();
    this.#wait();
  }
}
