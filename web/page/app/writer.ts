import type { TrainingClient } from '../../worker/client.js';
import { messages } from '../messages.js';
import { isOwnText } from '../state/settings.js';
import type { Store } from '../state/store.js';
import { offerDownload } from './download.js';
import { refusalOf } from './refusals.js';

/** Lets the network write for the reader, and leave the page as a file. */
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

  async saveModel(): Promise<void> {
    const store = this.#store;
    try {
      const { bytes } = await this.#client.request('saveModel', {});
      const name = this.#fileName();
      offerDownload(bytes, name);
      store.announcement.value = messages.status.saved(name);
    } catch (error) {
      const refusal = refusalOf(error, 'model');
      if (refusal !== null) store.errors.value = { ...store.errors.value, model: refusal.sentence };
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

  #fileName(): string {
    const { text, cell, hidden } = this.#store.run.value?.config ?? this.#store.config.value;
    const textName = isOwnText(text) ? 'own-text' : text;
    return `unroll-${textName}-${cell}-${hidden}-step-${this.#store.step.value}.safetensors`;
  }
}
