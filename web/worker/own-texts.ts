import { dataFieldOf, dataOf } from '../links/run-config.js';
import type { RunConfig } from '../links/run-config.js';
import type { TrainingClient } from './client.js';
import type { SentConfig } from './protocol.js';

/** As a configuration holds it. */
interface OwnText {
  readonly own: string;
}

/**
 * The page's end of the cache of texts: a text of the reader's own crosses to the worker once, and is an id from then on.
 * Texts are told apart as objects: a configuration that is changed elsewhere goes on with the same one.
 */
export class OwnTexts {
  readonly #client: Pick<TrainingClient, 'request'>;
  /** Those that may be asked for still, besides the one that is sent now. */
  readonly #inUse: () => readonly (string | OwnText)[];
  readonly #ids = new Map<OwnText, number>();
  #lastId = 0;

  constructor(client: Pick<TrainingClient, 'request'>, inUse: () => readonly (string | OwnText)[]) {
    this.#client = client;
    this.#inUse = inUse;
  }

  /** The configuration as it travels; its text goes ahead if the worker does not have it. */
  send(config: RunConfig): SentConfig {
    const text = dataOf(config);
    if (typeof text === 'string') return { ...config };
    const kept = this.#ids.get(text) ?? this.#keep(text);
    return { ...config, [dataFieldOf(config.task).property]: { kept } };
  }

  /** Another worker begins, and has none of them. */
  sendAgain(): void {
    for (const [text, id] of this.#ids) this.#post(text, id);
  }

  #keep(text: OwnText): number {
    const id = ++this.#lastId;
    const inUse = this.#inUse();
    for (const known of this.#ids.keys()) if (!inUse.includes(known)) this.#ids.delete(known);
    this.#ids.set(text, id);
    this.#post(text, id);
    return id;
  }

  #post(text: OwnText, id: number): void {
    const only = [...this.#ids.values()];
    this.#client.request('keepText', { id, text: text.own, only }).catch(() => undefined);
  }
}
