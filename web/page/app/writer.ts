import type { TrainingClient } from '../../worker/client.js';
import { messages } from '../messages.js';
import type { Store } from '../state/store.js';
import { refusalOf } from './refusals.js';

/** Lets the network write for the reader. */
export class Writer {
  readonly #store: Store;
  readonly #client: TrainingClient;

  constructor(store: Store, client: TrainingClient) {
    this.#store = store;
    this.#client = client;
  }

  async write(): Promise<void> {
    const store = this.#store;
    const { prompt, temperature, sampleSeed: seed, sampleLength: length } = store.config.value;
    const source = store.source.value;
    const { generation: _, ...errors } = store.errors.value;
    store.errors.value = errors;
    const before = store.writing.value;
    store.writing.value = { busy: true, prompt, temperature, by: this.#author(), outputs: null };
    try {
      const outputs = await this.#client.request('generate', { source, prompt, length, temperature, seed });
      store.writing.value = { busy: false, prompt, temperature, by: this.#author(), outputs };
      store.announcement.value = messages.status.written;
    } catch (error) {
      const refusal = refusalOf(error, 'generation');
      if (refusal === null) return;
      store.writing.value = before;
      store.errors.value = { ...store.errors.value, generation: refusal.sentence };
    }
  }

  /** The opened model stays in the worker until another takes its place; the page just no longer uses it. */
  closeModel(): void {
    this.#store.opened.value = null;
    this.#store.source.value = 'run';
  }

  #author(): NonNullable<Store['writing']['value']>['by'] {
    const { source, opened, step } = this.#store;
    return source.value === 'file' && opened.value !== null
      ? { kind: 'file', fileName: opened.value.fileName }
      : { kind: 'run', step: step.value };
  }
}
