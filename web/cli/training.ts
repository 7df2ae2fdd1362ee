import type { Trainer } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import type { LastingRun, RunEvent, RunResult } from '../run/index.js';
import type { Task } from '../tasks/task.js';
import type { Interruptions } from './interruptions.js';

/** Long enough to waste nothing, short enough that Ctrl-C and the progress bar feel immediate. */
const SLICE_MS = 200;

/** What a training tells while it goes on. */
export interface TrainingListener {
  /** The speed, in units of the task a second, counts training only, since the last evaluation; null before the first step. */
  onEvent(event: RunEvent, speed: number | null): void;
  onProgress(run: LastingRun<Trainer>, speed: number | null): void;
}

/** Who looks after a training while it goes on. */
export interface TrainingCare {
  /** Between two slices, the last of which has trained so long; nothing goes on until it has ended. */
  afterSlice(run: LastingRun<Trainer>, trainedMs: number): Promise<void>;
  /** When all is done but to tell the result. */
  beforeResult(run: LastingRun<Trainer>): Promise<void>;
  /** Whether there is no use in further steps. */
  isEnough(): boolean;
}

/** How a training ended: with a result, because it was interrupted, or because it was enough. */
export type TrainingEnd = RunResult | 'interrupted' | 'enough';

/** What is read in a second, as characters: lately, and of all training. */
export class Speeds {
  readonly recent: Speedometer;
  readonly overall: Speedometer;

  constructor(task: Task, config: RunConfig) {
    const unitsPerStep = task.unitsPerStep(config);
    this.recent = new Speedometer(unitsPerStep);
    this.overall = new Speedometer(unitsPerStep);
  }

  add(steps: number, ms: number): void {
    this.recent.add(steps, ms);
    this.overall.add(steps, ms);
  }
}

/** Trains a run to its end, slice by slice, and measures its speed; the run itself knows no clock. */
export async function trainToEnd(
  run: LastingRun<Trainer>,
  speeds: Speeds,
  listener: TrainingListener,
  care: TrainingCare,
  interruptions: Interruptions,
): Promise<TrainingEnd> {
  while (run.activity !== 'done') {
    if (interruptions.requested) return 'interrupted';
    if (run.activity === 'training' && care.isEnough()) return 'enough';
    if (run.activity === 'finishing' && run.step === run.config.steps) await care.beforeResult(run);
    const result = await advance(run, speeds, listener, care);
    if (result) return result;
    // Signals are delivered between turns of the event loop only.
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('a run ended without a result');
}

async function advance(
  run: LastingRun<Trainer>,
  speeds: Speeds,
  listener: TrainingListener,
  care: TrainingCare,
): Promise<RunResult | null> {
  let trainedMs = 0;
  const before = performance.now();
  const events = await run.advance(SLICE_MS);
  const elapsedMs = performance.now() - before;
  for (const event of events) {
    if (event.type === 'steps') {
      trainedMs = elapsedMs;
      speeds.add(event.losses.length, elapsedMs);
    }
    listener.onEvent(event, speeds.recent.perSecond());
    if (event.type === 'evaluation') speeds.recent.restart();
    if (event.type === 'done') return event.result;
  }
  listener.onProgress(run, speeds.recent.perSecond());
  await care.afterSlice(run, trainedMs);
  return null;
}

/** Units trained on in a second, counted from the last restart; keeps the old figure until there is a new one. */
class Speedometer {
  private steps = 0;
  private ms = 0;
  private last: number | null = null;

  constructor(private readonly unitsPerStep: number) {}

  add(steps: number, ms: number): void {
    this.steps += steps;
    this.ms += ms;
    this.last = (this.steps * this.unitsPerStep * 1000) / this.ms;
  }

  restart(): void {
    this.steps = this.ms = 0;
  }

  perSecond(): number | null {
    return this.last;
  }
}
