import type { Run, RunEvent, RunResult } from '../run/index.js';

/** Long enough to waste nothing, short enough that Ctrl-C and the progress bar feel immediate. */
const SLICE_MS = 200;

/** What a training tells while it goes on. */
export interface TrainingListener {
  /** `charsPerSecond` counts training only, since the last evaluation; null before the first step. */
  onEvent(event: RunEvent, charsPerSecond: number | null): void;
  onProgress(run: Run, charsPerSecond: number | null): void;
}

/** How a training ended: by itself with a result, or after Ctrl-C without. The speed is that of all training. */
export interface TrainingEnd {
  readonly result: RunResult | null;
  readonly charsPerSecond: number | null;
}

/** Trains a run to its end, slice by slice, and measures its speed; the run itself knows no clock. */
export async function trainToEnd(run: Run, listener: TrainingListener): Promise<TrainingEnd> {
  const interrupt = watchForInterrupt();
  const [recent, overall] = [new Speedometer(run), new Speedometer(run)];
  try {
    while (run.activity !== 'done') {
      const before = performance.now();
      const events = await run.advanceAsync(SLICE_MS);
      const elapsedMs = performance.now() - before;
      for (const event of events) {
        if (event.type === 'steps') {
          recent.add(event.losses.length, elapsedMs);
          overall.add(event.losses.length, elapsedMs);
        }
        listener.onEvent(event, recent.charsPerSecond());
        if (event.type === 'evaluation') recent.restart();
        if (event.type === 'done') return { result: event.result, charsPerSecond: overall.charsPerSecond() };
      }
      listener.onProgress(run, recent.charsPerSecond());
      // Signals are delivered between turns of the event loop only.
      await new Promise((resolve) => setImmediate(resolve));
      if (interrupt.requested) return { result: null, charsPerSecond: overall.charsPerSecond() };
    }
    throw new Error('a run ended without a result');
  } finally {
    interrupt.stop();
  }
}

/** Characters trained on in a second, counted from the last restart; keeps the old figure until there is a new one. */
class Speedometer {
  private steps = 0;
  private ms = 0;
  private last: number | null = null;
  private readonly charsPerStep: number;

  constructor({ config }: Run) {
    this.charsPerStep = config.batch * config.seq;
  }

  add(steps: number, ms: number): void {
    this.steps += steps;
    this.ms += ms;
    this.last = (this.steps * this.charsPerStep * 1000) / this.ms;
  }

  restart(): void {
    this.steps = this.ms = 0;
  }

  charsPerSecond(): number | null {
    return this.last;
  }
}

/** The first Ctrl-C asks to stop in good order; the second ends the process as usual. */
function watchForInterrupt(): { readonly requested: boolean; stop(): void } {
  const state = { requested: false, stop: () => process.off('SIGINT', onInterrupt) };
  const onInterrupt = () => {
    state.requested = true;
    process.off('SIGINT', onInterrupt);
  };
  process.on('SIGINT', onInterrupt);
  return state;
}
