import type { Link, OpenedLink } from '../../links/index.js';
import { hasLink, linkBudget, LinkError, readLink, writeLink } from '../../links/index.js';
import { messages } from '../messages.js';
import { trainingDifferences } from '../state/settings.js';
import type { LanguageLink, Store } from '../state/store.js';

/** Browsers allow only so many changes of the address in a while, and nobody reads it while typing. */
const WRITE_AFTER_MS = 500;
/** How long the button says that the link was copied. */
const COPIED_MS = 2500;

export type OpenLink = (link: Pick<LanguageLink, 'config' | 'claim' | 'view'>) => void;

/** Keeps the fragment of the address and the controls saying the same. */
export class Address {
  readonly #store: Store;
  readonly #open: OpenLink;
  #extra: Link['extra'] = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written = '';

  constructor(store: Store, open: OpenLink) {
    this.#store = store;
    this.#open = open;
    addEventListener('hashchange', () => void this.#changed());
  }

  /** Opens what the page was called with, or says why that is not possible. */
  async start(): Promise<void> {
    if (!hasLink(location.hash)) return;
    const link = await this.#read(messages.link.damaged);
    if (link !== null) this.#take(link);
  }

  /** The controls have changed: the address follows when they rest. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#write(), WRITE_AFTER_MS);
  }

  /** Copies the whole address, as it is now and not as it was half a second ago. */
  async copy(): Promise<void> {
    const store = this.#store;
    await this.#write();
    if (store.link.value.fragment === null) return;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      store.link.value = { ...store.link.value, note: messages.header.copyFailed };
      return;
    }
    store.copied.value = true;
    store.announcement.value = messages.header.copied;
    setTimeout(() => {
      store.copied.value = false;
    }, COPIED_MS);
  }

  /** The reader agreed to open the link in question. */
  openQuestioned(): void {
    const question = this.#store.question.value;
    if (question !== null) this.#take(question.link);
  }

  /** The reader would rather keep what there is; the address says so again. */
  stay(): void {
    this.#store.question.value = null;
    void this.#write();
  }

  /** Somebody has written another fragment into the address bar, or gone back or forth in the history. */
  async #changed(): Promise<void> {
    if (location.hash === this.#written) return;
    const link = await this.#read(messages.link.damagedKept);
    if (link === null) {
      await this.#write();
      return;
    }
    const { run, step } = this.#store;
    const loses = run.value !== null && step.value > 0 && trainingDifferences(link.config, run.value.config).length > 0;
    if (loses) this.#store.question.value = { link, steps: step.value };
    else this.#take(link);
  }

  #take(link: LanguageLink): void {
    this.#extra = link.extra;
    this.#store.question.value = null;
    this.#store.linkNote.value = link.notes.length > 0 ? link.notes.join(' ') : null;
    this.#open(link);
  }

  async #read(say: (reason: string) => string): Promise<LanguageLink | null> {
    try {
      const link = await readLink(location.hash);
      if (isLanguage(link)) return link;
      this.#store.linkNote.value = say(messages.link.otherTask);
      return null;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#store.linkNote.value = say(error.message);
      return null;
    }
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    const { config, claim, shown, link } = this.#store;
    const base = location.pathname + location.search;
    try {
      const fragment = await writeLink({
        config: config.value,
        claim: claim.value,
        view: shown.value,
        extra: this.#extra,
      });
      this.#written = fragment;
      history.replaceState(null, '', base + fragment);
      link.value = { fragment, note: linkBudget(location.href.length).note };
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      // No fragment is better than one that opens something else.
      this.#written = '';
      history.replaceState(null, '', base);
      link.value = { fragment: null, note: error.message };
    }
  }
}

const isLanguage = (link: OpenedLink): link is LanguageLink => link.config.task === 'language';
