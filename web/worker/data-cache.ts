import type { ReadBundledText } from '../corpora/load-text.js';
import type { TrainingData } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import type { Task } from '../tasks/task.js';
import { loadTask } from '../tasks/tasks.js';
import type { SentConfig } from './protocol.js';

/** What a run learns from, and what knows how. */
export interface TaskAndData {
  readonly task: Task;
  readonly data: TrainingData;
}

/** The data that have been asked for. What is bundled is fetched when it is first chosen, and then kept. */
export class DataCache {
  readonly #readFile: ReadBundledText;
  readonly #bundled = new Map<string, Promise<TaskAndData>>();
  /** The reader's, by the id that the page has given them. */
  readonly #own = new Map<number, object>();
  readonly #prepared = new WeakMap<object, Promise<TaskAndData>>();

  constructor(readFile: ReadBundledText) {
    this.#readFile = readFile;
  }

  /** Takes a text of the reader's own, and lets go of those that are not among `only`. */
  keep(id: number, own: string, only: readonly number[]): void {
    this.#own.set(id, { own });
    for (const known of this.#own.keys()) if (!only.includes(known)) this.#own.delete(known);
  }

  /** The configuration that the page means. */
  open(sent: SentConfig): RunConfig {
    const values = Object.entries(sent).map(([key, value]) => [key, this.#meant(value)]);
    return Object.fromEntries(values) as RunConfig;
  }

  #meant(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || !('kept' in value)) return value;
    const own = this.#own.get(value.kept as number);
    if (own === undefined) throw new Error(`DataCache: there is no text ${String(value.kept)}`);
    return own;
  }

  async load(config: RunConfig): Promise<TaskAndData> {
    const task = await loadTask(config.task);
    const source = task.source(config);
    const key = `${config.task} ${source as string}`;
    const known = typeof source === 'string' ? this.#bundled.get(key) : this.#prepared.get(source);
    if (known !== undefined) return known;
    const loading = task.load(config, this.#readFile).then(({ data }) => ({ task, data }));
    if (typeof source === 'string') this.#bundled.set(key, loading);
    else this.#prepared.set(source, loading);
    // What failed once, because the network was away, may succeed the next time.
    loading.catch(() => (typeof source === 'string' ? this.#bundled.delete(key) : this.#prepared.delete(source)));
    return loading;
  }
}
