import { batch } from '@preact/signals';
import type { LinkView } from '../../links/index.js';
import type { LanguageConfig } from '../../links/run-config.js';
import type { WorkerPort } from '../../worker/client.js';
import { TrainingClient } from '../../worker/client.js';
import type { Only } from '../../worker/requests/request.js';
import { OwnTexts } from '../../worker/own-texts.js';
import { LENSES } from '../lenses/lenses.js';
import { messages } from '../messages.js';
import type { Selection } from '../reading/selection.js';
import { formatPlain } from '../state/format.js';
import { trainingDifferences } from '../state/settings.js';
import type { Store } from '../state/store.js';
import { Address } from './address.js';
import type { OpenLink } from './address.js';
import type { Importer } from './importer.js';
import { ProgressClock } from '../runs/progress-clock.js';
import { Recovery } from '../runs/recovery.js';
import { RunKeeper } from '../runs/run-keeper.js';
import { Writer } from './writer.js';

/** A reader who presses Train at once sees the first step before the page is finished. */
const SETTLES_AFTER_MS = 300;
/** Over a slow connection the whole page is there before text and engine. */
const SETTLES_AT_LAST_MS = 2000;

/** What the reader can do. Components call these; everything else here is how the parts are put together. */
export class Controller {
  readonly runs: RunKeeper;
  readonly writer: Writer;
  readonly address: Address;
  /** Once the worker's thread runs, or has died. */
  readonly awake: Promise<void>;
  readonly #store: Store;
  readonly #client: TrainingClient;
  readonly #texts: OwnTexts;
  /** Loaded with the first text or file that the reader brings. */
  #importer: Importer | null = null;

  constructor(store: Store, makeWorker: () => WorkerPort) {
    this.#store = store;
    const clock = new ProgressClock(store, (progress, isFurther) => recovery.drawn(progress, isFurther));
    const client: TrainingClient = new TrainingClient({
      makeWorker,
      onProgress: (progress) => clock.receive(progress),
      onMended: () => recovery.mended(),
      onDeath: () => recovery.died(),
      onReplaced: () => {
        texts.sendAgain();
        recovery.replaced();
        this.#importer?.reopenModel();
      },
    });
    const texts: OwnTexts = new OwnTexts(client, () => textsInUse(store));
    this.#texts = texts;
    const recovery: Recovery = new Recovery(store, client, clock, texts);
    this.#client = client;
    clock.connect(client);
    this.awake = client.wake();
    this.runs = new RunKeeper(store, client, clock, recovery, texts);
    this.writer = new Writer(store, client);
    this.address = new Address(store, (link) => this.#open(link));
  }

  /** A network that is what the link asks for stays, with all it has learned: how to write and what to expect is new. */
  #open({ config, claim, view }: Parameters<OpenLink>[0]): void {
    const store = this.#store;
    const run = store.run.value;
    batch(() => {
      store.config.value = config;
      store.claim.value = claim;
      this.#show(view);
      store.editingText.value = false;
      store.workersAdvice.value = null;
    });
    this.address.touch();
    if (run !== null && trainingDifferences(config, run.config).length === 0) this.runs.configChanged([]);
    // At the start there is nothing yet that could be replaced; `start` prepares.
    else if (run !== null || store.state.value.is === 'failed') void this.runs.startOver();
  }

  /** Opens the link that the page was called with, and makes the first network. */
  async start(): Promise<void> {
    const settle = (): void => {
      this.#store.settled.value = true;
    };
    setTimeout(settle, SETTLES_AT_LAST_MS);
    await this.address.start();
    this.address.touch();
    await this.runs.prepare();
    setTimeout(settle, SETTLES_AFTER_MS);
  }

  /** Sets some of the configuration. */
  change(values: Partial<LanguageConfig>): void {
    const store = this.#store;
    const before = store.config.value;
    const config = { ...before, ...values };
    batch(() => {
      store.config.value = config;
      store.workersAdvice.value = null;
      // What was promised of one run says nothing about another.
      if (trainingDifferences(before, config).length > 0) store.claim.value = null;
    });
    this.address.touch();
    this.runs.configChanged(Object.keys(values) as (keyof LanguageConfig)[]);
  }

  /** Goes back to the settings of the run in the worker; what concerns only the writing stays. */
  undoChanges(): void {
    const run = this.#store.run.value;
    if (run === null) return;
    const keys = trainingDifferences(this.#store.config.value, run.config);
    this.change(Object.fromEntries(keys.map((key) => [key, run.config[key]])));
  }

  /** Other random weights, at once: this key is pressed to start anew. */
  async newSeed(): Promise<void> {
    const seed = this.runs.newSeed();
    this.change({ seed });
    await this.runs.prepare();
    this.#store.announcement.value = messages.status.seeded(formatPlain(seed));
  }

  async saveModel(): Promise<void> {
    const { saveModel } = await import('./model-saver.js');
    await saveModel(this.#store, this.#client);
  }

  /** Measures how many workers pay for the network of the controls. */
  async adviseWorkers(): Promise<void> {
    const { WorkersAdviser } = await import('./workers-adviser.js');
    const take = (workers: number): void => this.change({ workers });
    const adviser = new WorkersAdviser(this.#store, this.#client, this.#texts, take, () => this.runs.settled());
    await adviser.ask();
  }

  /** Texts and files that the reader brings. */
  async bring(take: (importer: Importer) => unknown): Promise<void> {
    const { errors } = this.#store;
    try {
      const { Importer } = await import('./importer.js');
      this.#importer ??= new Importer(this.#store, this.#client, this.#texts, (text) => this.change({ text }));
      await take(this.#importer);
    } catch (error) {
      errors.value = { ...errors.value, text: messages.unexpected(String(error)) };
    }
  }

  /** Opens a lens; null closes the one that is open. */
  openLens(lens: string | null): void {
    this.#store.lens.value = lens;
    this.address.touch();
  }

  select(selection: Selection): void {
    this.#store.selection.value = selection;
    this.address.touch();
  }

  /** Asks what a lens asks, which is known to the lens and to the file of its request. */
  ask<Module>(kind: keyof Module & string, args: Only<Module>['args']): Promise<Only<Module>['value']> {
    return this.#client.ask<Module>(kind, args);
  }

  #show(view: LinkView | null): void {
    const { lens, selection } = this.#store;
    lens.value = view !== null && Object.hasOwn(LENSES, view.lens) ? view.lens : null;
    if (view === null) return;
    const { lens: _, ...selected } = view;
    selection.value = selected;
  }

  /** Opens or closes the place for a text of the reader's own; nothing is trained on yet. */
  editOwnText(open: boolean): void {
    this.#store.editingText.value = open;
    const { text: _, ...errors } = this.#store.errors.value;
    this.#store.errors.value = errors;
  }

  chooseText(id: string): void {
    this.editOwnText(false);
    // The beginning that suited another text may have characters that this one does not know.
    this.change({ text: id, prompt: '' });
  }

  sayWhyNot(reason: string): void {
    batch(() => {
      this.#store.whyNot.value = reason;
      this.#store.announcement.value = reason;
    });
  }
}

/** The run's, and that of the controls. */
function textsInUse({ run, config }: Store): readonly LanguageConfig['text'][] {
  return [config.value.text, ...(run.value === null ? [] : [run.value.config.text])];
}
