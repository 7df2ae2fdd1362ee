import { loadText } from '../corpora/load-text.js';
import type { ReadBundledText } from '../corpora/load-text.js';
import { PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import type { SentConfig } from './protocol.js';

type OwnText = Exclude<RunConfig['text'], string>;

/** The texts that have been asked for. A bundled one is fetched when it is first chosen, and then kept. */
export class TextCache {
  readonly #readFile: ReadBundledText;
  readonly #bundled = new Map<string, Promise<PreparedText>>();
  /** The reader's, by the id that the page has given them. */
  readonly #own = new Map<number, OwnText>();
  readonly #prepared = new WeakMap<OwnText, PreparedText>();

  constructor(readFile: ReadBundledText) {
    this.#readFile = readFile;
  }

  /** Takes a text of the reader's own, and lets go of those that are not among `only`. */
  keep(id: number, own: string, only: readonly number[]): void {
    this.#own.set(id, { own });
    for (const known of this.#own.keys()) if (!only.includes(known)) this.#own.delete(known);
  }

  /** The configuration that the page means. */
  open({ text, ...others }: SentConfig): RunConfig {
    if (typeof text === 'string') return { ...others, text };
    const own = this.#own.get(text.kept);
    if (own === undefined) throw new Error(`TextCache: there is no text ${text.kept}`);
    return { ...others, text: own };
  }

  load(text: RunConfig['text']): Promise<PreparedText> {
    return typeof text === 'string' ? this.#loadBundled(text) : Promise.resolve(this.#prepareOwn(text));
  }

  #loadBundled(id: string): Promise<PreparedText> {
    const known = this.#bundled.get(id);
    if (known !== undefined) return known;
    const loading = loadText(id, this.#readFile).then((bytes) => new PreparedText(bytes));
    this.#bundled.set(id, loading);
    // What failed once, because the network was away, may succeed the next time.
    loading.catch(() => this.#bundled.delete(id));
    return loading;
  }

  #prepareOwn(text: OwnText): PreparedText {
    const known = this.#prepared.get(text) ?? new PreparedText(text.own);
    this.#prepared.set(text, known);
    return known;
  }
}
