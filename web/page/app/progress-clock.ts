import { effect, signal } from '@preact/signals';
import type { TrainingClient } from '../../worker/client.js';
import type { Progress } from '../../worker/protocol.js';
import { messages } from '../messages.js';
import { formatCount, formatLoss } from '../state/format.js';
import { applyProgress } from '../state/progress.js';
import type { Store } from '../state/store.js';
import { onNextFrame } from './next-frame.js';

/** Milestones closer together than this would talk over each other. */
const QUIET_MS = 10_000;

/** Takes one batch of progress a frame from the worker to the screen, and only then asks for the next. */
export class ProgressClock {
  readonly #store: Store;
  readonly #drawnBatch = signal(0);
  #client: TrainingClient | null = null;
  #spokenAt = -Infinity;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The client and the clock know each other; the client is made second. */
  connect(client: TrainingClient): void {
    this.#client = client;
  }

  receive(progress: Progress): void {
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

  /** A new worker counts its batches from 1 again. */
  restart(): void {
    this.#drawnBatch.value = 0;
  }

  #draw(progress: Progress): void {
    const { run, view } = this.#store;
    if (run.value === null || view.value === null || progress.runId !== run.value.id) return;
    view.value = applyProgress(view.value, progress);
    this.#speak(progress);
  }

  #speak(progress: Progress): void {
    const evaluation = progress.evaluations.at(-1);
    if (evaluation === undefined || evaluation.step === 0 || performance.now() < this.#spokenAt + QUIET_MS) return;
    this.#spokenAt = performance.now();
    this.#store.announcement.value = messages.status.evaluated(
      formatCount(evaluation.step),
      formatLoss(evaluation.lossNats),
    );
  }
}
