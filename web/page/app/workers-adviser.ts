import type { TrainingClient } from '../../worker/client.js';
import type { OwnTexts } from '../../worker/own-texts.js';
import { messages } from '../messages.js';
import { formatPlain } from '../state/format.js';
import type { Store } from '../state/store.js';
import { refusalOf } from './refusals.js';

/** Finds out how many workers pay for the network that the controls describe. */
export class WorkersAdviser {
  readonly #store: Store;
  readonly #client: TrainingClient;
  readonly #texts: OwnTexts;
  readonly #take: (workers: number) => void;
  readonly #settled: () => Promise<void>;

  /** `settled`: the controls have been followed, so that no new network overtakes the measurement. */
  constructor(
    store: Store,
    client: TrainingClient,
    texts: OwnTexts,
    take: (workers: number) => void,
    settled: () => Promise<void>,
  ) {
    this.#store = store;
    this.#client = client;
    this.#texts = texts;
    this.#take = take;
    this.#settled = settled;
  }

  /** Measures, and sets the number. What was changed meanwhile makes the answer one to another question. */
  async ask(): Promise<void> {
    const { announcement, config, errors, workersAdvice } = this.#store;
    const asked = config.value;
    workersAdvice.value = 'measuring';
    announcement.value = messages.settings.workersMeasuring;
    try {
      await this.#settled();
      const { workers, why } = await this.#client.request('chooseWorkers', {
        config: this.#texts.send({ ...asked, workers: 1 }),
      });
      if (config.value !== asked) workersAdvice.value = null;
      else {
        if (workers !== asked.workers) this.#take(workers);
        workersAdvice.value = { workers, why };
        announcement.value = messages.settings.workersAdvice(formatPlain(workers), why);
      }
    } catch (error) {
      workersAdvice.value = null;
      const refusal = refusalOf(error, 'training', { config: asked, changed: [] });
      if (refusal !== null) errors.value = { [refusal.place]: refusal.sentence };
    }
  }
}
