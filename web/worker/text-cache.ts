import { loadText } from '../corpora/load-text.js';
import type { ReadBundledText } from '../corpora/load-text.js';
import { PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';

/** The texts that have been asked for. A bundled one is fetched when it is first chosen, and then kept. */
export class TextCache {
  readonly #readFile: ReadBundledText;
  readonly #bundled = new Map<string, Promise<PreparedText>>();
  #own: { readonly original: string; readonly prepared: PreparedText } | null = null;

  constructor(readFile: ReadBundledText) {
    this.#readFile = readFile;
  }

  load(text: RunConfig['text']): Promise<PreparedText> {
    return typeof text === 'string' ? this.#loadBundled(text) : Promise.resolve(this.#prepareOwn(text.own));
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

  #prepareOwn(original: string): PreparedText {
    if (this.#own?.original !== original) this.#own = { original, prepared: new PreparedText(original) };
    return this.#own.prepared;
  }
}
