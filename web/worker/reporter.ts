import type { BlowUp } from '../run/blow-up.js';
import type { RunActivity, RunEvent } from '../run/run-events.js';
import type { Evaluation, Progress, RunCheckpoint, Sample } from './protocol.js';

/**
 * Collects what happens in a run into batches, of which at most one is on its way to the page at a time.
 *
 * A slow or hidden page gets fewer and larger batches. Nothing is lost and no queue grows but this one of plain numbers.
 */
export class Reporter {
  readonly #send: (progress: Progress, transfer: Transferable[]) => void;
  #runId = 0;
  #unitsPerStep = 0;
  #batch = 0;
  #awaitingDrawn = false;
  #step = 0;
  #epoch = 0;
  #activity: RunActivity = 'training';
  #losses: number[] = [];
  #evaluations: Evaluation[] = [];
  #samples: Sample[] = [];
  #blowUp: BlowUp | null = null;
  #checkpoint: RunCheckpoint | null = null;
  #trainedMs = 0;
  #trainedSteps = 0;
  #changed = false;

  constructor(send: (progress: Progress, transfer: Transferable[]) => void) {
    this.#send = send;
  }

  /** Forgets the run before; what follows belongs to the run of this id, which has done `step` steps. */
  begin(runId: number, unitsPerStep: number, step = 0): void {
    this.#runId = runId;
    this.#unitsPerStep = unitsPerStep;
    this.#step = step;
    this.#epoch = 0;
    this.#losses = [];
    this.#evaluations = [];
    this.#samples = [];
    this.#blowUp = null;
    this.#checkpoint = null;
    this.#trainedMs = 0;
    this.#trainedSteps = 0;
    this.#changed = false;
  }

  /** Counts on from a worker before this one, and tells where the run is, for whoever waits for a batch that never came. */
  goOnAfter(batch: number, activity: RunActivity): void {
    this.#batch = batch;
    this.#activity = activity;
    this.#changed = true;
    this.#flush();
  }

  /** Takes a copy along with the next batch, so that whoever has a checkpoint knows all that was before it. */
  keep({ step, states }: RunCheckpoint): void {
    this.#checkpoint = { step, states: states.map((state) => state.slice()) };
    this.#changed = true;
  }

  /** Notes what a slice of `elapsedMs` has brought, and what comes next. */
  note(events: readonly RunEvent[], elapsedMs: number, next: RunActivity): void {
    for (const event of events) {
      if (event.type === 'steps') {
        this.#step = event.step;
        this.#epoch = event.epoch;
        for (const loss of event.losses) this.#losses.push(loss);
        this.#trainedMs += elapsedMs;
        this.#trainedSteps += event.losses.length;
      } else if (event.type === 'evaluation' && event.part === 'validation') {
        this.#evaluations.push({ step: event.step, lossNats: event.lossNats });
      } else if (event.type === 'sample') {
        this.#samples.push({ step: event.step, text: event.text });
      } else if (event.type === 'blow-up') {
        this.#blowUp = event;
      }
    }
    this.#changed ||= events.length > 0 || next !== this.#activity;
    this.#activity = next;
    this.#flush();
  }

  /** The batch in which everything noted so far is told: the last one sent, or the next. */
  get lastBatch(): number {
    return this.#changed ? this.#batch + 1 : this.#batch;
  }

  /** The page has drawn the last batch. */
  drawn(): void {
    this.#awaitingDrawn = false;
    this.#flush();
  }

  #flush(): void {
    if (this.#awaitingDrawn || !this.#changed) return;
    const losses = Float32Array.from(this.#losses);
    const checkpoint = this.#checkpoint;
    this.#batch += 1;
    this.#awaitingDrawn = true;
    this.#changed = false;
    this.#send(
      {
        kind: 'progress',
        runId: this.#runId,
        batch: this.#batch,
        step: this.#step,
        epoch: this.#epoch,
        activity: this.#activity,
        losses,
        evaluations: this.#evaluations,
        samples: this.#samples,
        blowUp: this.#blowUp,
        trainedMs: this.#trainedMs,
        trainedUnits: this.#trainedSteps * this.#unitsPerStep,
        checkpoint,
      },
      [losses.buffer, ...(checkpoint?.states ?? []).map(({ buffer }) => buffer)],
    );
    this.#losses = [];
    this.#evaluations = [];
    this.#samples = [];
    this.#blowUp = null;
    this.#checkpoint = null;
  }
}
