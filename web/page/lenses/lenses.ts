import type { ComponentType } from 'preact';
import type { Reading } from '../reading/reading.js';

/** A way to look at the reading at the selection. What it is made of is loaded when it is first opened. */
export interface Lens {
  readonly label: string;
  readonly load: () => Promise<{ readonly default: ComponentType<Reading> }>;
}

/** All lenses, in the order of the page, by the words that links have for them. */
export const LENSES: Readonly<Record<string, Lens>> = {
  gates: { label: 'Gates', load: () => import('./gates/index.js') },
};
