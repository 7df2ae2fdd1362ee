import type { ResultClaim } from './claim.js';
import type { RunConfig } from './run-config.js';
import type { LinkView } from './view.js';

/** What a link says. */
export interface Link {
  readonly config: RunConfig;
  readonly claim: ResultClaim | null;
  /** What the page shows besides; null when nothing is open. */
  readonly view: LinkView | null;
  /**
   * Keys of a sealed link that this Unroll does not know, as they were written. They are carried along, so that
   * opening and sharing a link again loses nothing.
   */
  readonly extra: ReadonlyMap<string, string>;
}

/** A link that was read, with what the reader should be told although nothing is wrong. */
export interface OpenedLink extends Link {
  readonly notes: readonly string[];
}

/**
 * The version of links that we write. A newer Unroll may add keys without raising it, if ignoring them changes nothing
 * that is trained or written; everything else needs a new version, which older pages then refuse by name. (`fast` is such
 * a key: an older page trains strictly, which a fast run may always be.)
 */
export const LINK_VERSION = 1;

/** What a key looks like; nothing else can be one, so that no key is ever a surprise. */
export const KEY = /^[a-z][a-z0-9-]{0,31}$/;
