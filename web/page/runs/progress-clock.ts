import { effect, signal } from '@preact/signals';
import type { TrainingClient } from '../../worker/client.js';
import type { Evaluation, Progress } from '../../worker/protocol.js';
import { messages } from '../messages.js';
import { formatCount, formatLoss } from '../state/format.js';
import { applyProgress } from '../state/progress.js';
import type { LanguageConfig, RunConfig } from '../../links/run-config.js';
import type { Slot } from './slot.js';
import { onNextFrame } from '../app/next-frame.js';

/** Milestones closer together than this would talk over each other. */
const QUIET_MS = 10_000;

/** Takes one batch of progress a frame from the worker to the screen, and only then asks for the next. */
export class ProgressClock<Config extends RunConfig = LanguageConfig> {
  readonly #slot: Slot<Config>;
  readonly #onDrawn: (progress: Progress, isFurther: boolean) => void;
  readonly #drawnBatch = signal(0);
  #client: TrainingClient | null = null;
  #received = 0;
  #spokenAt = -Infinity;

  /** @param onDrawn is told what is on the screen now, and whether training has come further by it */
  constructor(slot: Slot<Config>, onDrawn: (progress: Progress, isFurther: boolean) => void) {
    this.#slot = slot;
    this.#onDrawn = onDrawn;
  }

  /** The client and the clock know each other; the client is made second. */
  connect(client: TrainingClient): void {
    this.#client = client;
  }

  /** The last batch that has come. */
  get received(): number {
    return this.#received;
  }

  receive(progress: Progress): void {
    this.#received = progress.batch;
    onNextFrame(() => {
      this.#draw(progress);
      this.#drawnBatch.value = progress.batch;
      this.#client?.drawn();
    });
  }

  /** Waits until a batch is on the screen. */
  drawn(batch: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = effect(() => {
        if (this.#drawnBatch.value < batch) return;
        resolve();
        // Not before the effect has run once, which is when `stop` exists.
        queueMicrotask(() => stop());
      });
    });
  }

  #draw(progress: Progress): void {
    const { run, view } = this.#slot;
    if (run.value === null || view.value === null || progress.runId !== run.value.id) return;
    const before = view.value;
    view.value = applyProgress(before, progress);
    this.#onDrawn(progress, view.value.step > before.step);
    this.#speak(view.value.evaluations.slice(before.evaluations.length));
  }

  #speak(evaluations: readonly Evaluation[]): void {
    const evaluation = evaluations.at(-1);
    if (evaluation === undefined || evaluation.step === 0 || performance.now() < this.#spokenAt + QUIET_MS) return;
    this.#spokenAt = performance.now();
    this.#slot.announcement.value = messages.status.evaluated(
      formatCount(evaluation.step),
      formatLoss(evaluation.lossNats),
    );
  }
}
