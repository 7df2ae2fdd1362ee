import { loadText } from '../corpora/load-text.js';
import type { ReadBundledText } from '../corpora/load-text.js';
import { prepareText } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';

/** A text as the engine will read it. */
export interface ShelvedText {
  readonly text: string;
  /** Different characters in it: the size of its vocabulary. */
  readonly distinct: number;
}

/** The texts that have been asked for. A bundled one is fetched when it is first chosen, and then kept. */
export class TextShelf {
  readonly #readFile: ReadBundledText;
  readonly #bundled = new Map<string, Promise<ShelvedText>>();
  #own: { readonly original: string; readonly shelved: ShelvedText } | null = null;

  constructor(readFile: ReadBundledText) {
    this.#readFile = readFile;
  }

  load(text: RunConfig['text']): Promise<ShelvedText> {
    return typeof text === 'string' ? this.#loadBundled(text) : Promise.resolve(this.#prepareOwn(text.own));
  }

  #loadBundled(id: string): Promise<ShelvedText> {
    const known = this.#bundled.get(id);
    if (known !== undefined) return known;
    const loading = loadText(id, this.#readFile).then(shelve);
    this.#bundled.set(id, loading);
    // What failed once, because the network was away, may succeed the next time.
    loading.catch(() => this.#bundled.delete(id));
    return loading;
  }

  #prepareOwn(original: string): ShelvedText {
    if (this.#own?.original !== original) this.#own = { original, shelved: shelve(original) };
    return this.#own.shelved;
  }
}

function shelve(original: string): ShelvedText {
  const text = new TextDecoder().decode(prepareText(original));
  return { text, distinct: countDistinct(text) };
}

/** Different characters. A set of a million of them would take longer than a step of training. */
function countDistinct(text: string): number {
  const seen = new Uint8Array(0x110000);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.codePointAt(i)!;
    if (character > 0xffff) i++; // it takes two units
    count += 1 - seen[character]!;
    seen[character] = 1;
  }
  return count;
}
