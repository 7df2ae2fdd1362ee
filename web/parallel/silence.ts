/** How often it is looked whether anything has come. */
const BEAT_MS = 1000;

/** Threads of a busy machine wait for their turn. */
const PATIENCE_MS = 10_000;

/** A share of a step may take so many times as long there as here, where it is of the same size. */
const SAFETY = 10;

/** Over a slow connection a thread's script and engine take their time. */
const START_MS = 60_000;

/**
 * Notices that replicas are silent, of which no browser tells. Beats of this thread's own timers are counted and not time:
 * while it computes or the machine sleeps none goes by.
 */
export class Silence {
  readonly #onSilence: (seconds: number) => void;
  #beats = 0;
  #expectedMs = START_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onSilence: (seconds: number) => void) {
    this.#onSilence = onSilence;
  }

  /** Something is waited for from now on. */
  begin(): void {
    this.heard();
    this.#wait();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  heard(): void {
    this.#beats = 0;
  }

  /** What the others do takes so long here. */
  expect(ms: number): void {
    this.#expectedMs = SAFETY * ms;
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#beat(), BEAT_MS);
  }

  #beat(): void {
    this.#beats += 1;
    const ms = this.#beats * BEAT_MS;
    if (ms > PATIENCE_MS + this.#expectedMs) this.#onSilence(ms / 1000);
    else this.#wait();
  }
}
