import type { LanguageConfig } from '../../links/run-config.js';
import type { TrainingClient } from '../../worker/client.js';
import type { OwnTexts } from '../../worker/own-texts.js';
import { messages as general } from '../messages.js';
import { formatBytes } from '../state/format.js';
import type { Place } from '../runs/slot.js';
import type { Store } from '../state/store.js';
import { messages } from './import-messages.js';
import { refusalOf } from './refusals.js';

/** The largest text file that is read. A novel has one or two megabytes. */
const MAX_TEXT_BYTES = 32 * 1024 * 1024;
/** The largest model file: all the weights that the engine's limits allow, and some air. */
const MAX_MODEL_BYTES = 256 * 1024 * 1024;

export type TakeText = (text: LanguageConfig['text']) => void;

/** Texts and files that the reader brings: looked at before they change anything. */
export class Importer {
  readonly #store: Store;
  readonly #client: TrainingClient;
  readonly #texts: OwnTexts;
  readonly #take: TakeText;
  /** The file of the model that was opened last. */
  #model: Uint8Array<ArrayBuffer> | null = null;

  constructor(store: Store, client: TrainingClient, texts: OwnTexts, take: TakeText) {
    this.#store = store;
    this.#client = client;
    this.#texts = texts;
    this.#take = take;
  }

  /** Takes a text of the reader's own, if it can be trained on with the present settings. */
  async importText(text: string): Promise<void> {
    const store = this.#store;
    const own = text.toWellFormed();
    if ([...own.slice(0, 4)].length < 2) {
      this.#say('text', messages.text.tooShort);
      return;
    }
    const taken = { own };
    try {
      await this.#client.request('check', { config: this.#texts.send({ ...store.config.value, text: taken }) });
    } catch (error) {
      this.#refuse(error, 'text');
      return;
    }
    this.#say('text', undefined);
    store.editingText.value = false;
    this.#take(taken);
  }

  async importTextFile(file: File): Promise<void> {
    const bytes = await this.#read(file, 'text', MAX_TEXT_BYTES, messages.text);
    if (bytes === null) return;
    try {
      const { text } = await this.#client.request('readText', { bytes });
      await this.importText(text);
    } catch (error) {
      this.#refuse(error, 'text');
    }
  }

  async openModel(file: File): Promise<void> {
    const store = this.#store;
    const bytes = await this.#read(file, 'model', MAX_MODEL_BYTES, messages.model);
    if (bytes === null) return;
    try {
      const summary = await this.#client.request('openModel', { bytes });
      this.#model = bytes;
      this.#say('model', undefined);
      store.opened.value = { ...summary, fileName: file.name };
      store.source.value = 'file';
      store.announcement.value = general.status.opened(file.name);
    } catch (error) {
      this.#refuse(error, 'model');
    }
  }

  /** Another worker begins, and has to know the model that is open. */
  reopenModel(): void {
    if (this.#store.opened.value === null || this.#model === null) return;
    this.#client.request('openModel', { bytes: this.#model }).catch(() => undefined);
  }

  /** What was dropped anywhere on the page: one text, or one model. */
  drop(files: readonly File[]): void {
    const [file, ...more] = files;
    if (file === undefined) this.#say('text', messages.noFile);
    else if (more.length > 0) this.#say('text', messages.oneFile);
    else if (file.name.endsWith('.safetensors')) void this.openModel(file);
    else void this.importTextFile(file);
  }

  /** The bytes of a file, after its stated size was found acceptable; null after a sentence about why not. */
  async #read(
    file: File,
    place: Place,
    limit: number,
    say: typeof messages.text | typeof messages.model,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    if (file.size === 0) this.#say(place, say.emptyFile(file.name));
    else if (file.size > limit) this.#say(place, say.tooLarge(file.name, formatBytes(file.size), formatBytes(limit)));
    else {
      try {
        return new Uint8Array(await file.arrayBuffer());
      } catch {
        this.#say(place, messages.unreadable(file.name));
      }
    }
    return null;
  }

  #refuse(error: unknown, place: Place): void {
    // Whatever the engine finds wrong with what was brought is said where it was brought.
    const refusal = refusalOf(error, place, { config: this.#store.config.value, changed: ['text'] });
    if (refusal !== null) this.#say(place, refusal.sentence);
  }

  #say(place: Place, sentence: string | undefined): void {
    const { [place]: _, ...others } = this.#store.errors.value;
    this.#store.errors.value = sentence === undefined ? others : { ...others, [place]: sentence };
  }
}
