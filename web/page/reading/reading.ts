import type { Selection } from './selection.js';

/** What a lens looks at. */
export interface Reading {
  readonly characters: readonly string[];
  /** What is selected, or what the reader points at just now. */
  readonly shown: Selection;
  /** Sizes of the network that is looked at. */
  readonly layers: number;
  readonly units: number;
  /** Selects something else. */
  readonly select: (part: Partial<Selection>) => void;
  /** Shows something without selecting it; null: no more. */
  readonly point: (part: Partial<Selection> | null) => void;
}
