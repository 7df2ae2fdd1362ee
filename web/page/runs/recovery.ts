import { batch } from '@preact/signals';
import type { TrainingClient } from '../../worker/client.js';
import type { OwnTexts } from '../../worker/own-texts.js';
import type { Progress, RunCheckpoint } from '../../worker/protocol.js';
import { messages } from '../messages.js';
import type { LanguageConfig, RunConfig } from '../../links/run-config.js';
import type { Slot } from './slot.js';
import { atRest } from './state.js';
import type { ProgressClock } from './progress-clock.js';

/** A run whose workers die so often without coming any further is not going to. */
const TRIES = 3;

/** Keeps what the next worker has to know if this one dies, and tells the reader of it. */
export class Recovery<Config extends RunConfig = LanguageConfig> {
  readonly #slot: Slot<Config>;
  readonly #client: TrainingClient;
  readonly #clock: ProgressClock<Config>;
  readonly #texts: OwnTexts;
  /** Of the run with this id, where a new worker would go on. */
  #kept: { readonly runId: number; readonly checkpoint: RunCheckpoint } | null = null;
  #deaths = 0;
  /** What the present worker was told of the run; null when it could not load what the run is made of. */
  #known: object | null = {};

  constructor(slot: Slot<Config>, client: TrainingClient, clock: ProgressClock<Config>, texts: OwnTexts) {
    this.#slot = slot;
    this.#client = client;
    this.#clock = clock;
    this.#texts = texts;
  }

  /** A batch of progress is on the screen. */
  drawn({ runId, checkpoint }: Progress, isFurther: boolean): void {
    if (checkpoint !== null) this.#kept = { runId, checkpoint };
    // A worker's first checkpoint waits for half of the engine, so that a step without one counts too.
    if (checkpoint !== null || isFurther) this.#deaths = 0;
    if (isFurther) this.#slot.mended.value = null;
  }

  /** There is another run. */
  begun(): void {
    this.#kept = null;
    this.#deaths = 0;
    this.#known = {};
    this.#slot.mended.value = null;
  }

  /** The worker is gone. Whether another is to go on. */
  died(): boolean {
    this.#deaths += 1;
    if (this.#deaths < TRIES) {
      this.mended();
      return true;
    }
    this.#deaths = 0;
    const slot = this.#slot;
    batch(() => {
      slot.mended.value = null;
      slot.become(slot.run.value === null ? { is: 'failed', why: 'refused' } : atRest(slot.state.value));
      slot.errors.value = { training: messages.death };
    });
    return false;
  }

  mended(): void {
    this.#slot.mended.value = this.#slot.announcement.value = messages.mended;
  }

  /** Another worker begins: it gets the run, so that the reader does not have to begin anew. */
  replaced(): void {
    void this.#resume();
  }

  /** Tries once more what has failed when the worker began. */
  async ready(): Promise<void> {
    if (this.#known === null) await this.#resume();
  }

  async #resume(): Promise<void> {
    const { run, step } = this.#slot;
    if (run.value === null) return;
    const { id: runId, config } = run.value;
    const checkpoint = this.#kept?.runId === runId ? this.#kept.checkpoint : null;
    const known = {
      runId,
      config: this.#texts.send(config),
      checkpoint,
      step: step.value,
      batch: this.#clock.received,
    };
    this.#known = known;
    try {
      await this.#client.request('resume', known);
    } catch {
      // Whoever waits for an answer of this run is told why.
      if (this.#known === known) this.#known = null;
    }
  }
}
