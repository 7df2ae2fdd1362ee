import { oneOf } from '../arguments/fields.js';

/**
 * Which weights a text is read and written with. `float32`: the model's own. `int8`: a copy of its matrices in 8 bits that
 * is made for the call or the generator; it takes a quarter of the memory, so that a model too large for the processor's
 * caches writes more than twice as quickly. The perplexity of a trained LSTM, GRU or tanh network stays within 0.5 % of its
 * own; that of a small relu network, whose states have no bound, may move by some per cent. `evaluateText()` tells.
 */
export type Precision = 'float32' | 'int8';

export const aPrecision = oneOf<Precision>(['float32', 'int8']);

/** How a text is read. */
export interface ReadingOptions {
  /** Default `float32`. */
  readonly precision?: Precision | undefined;
}

export const READING_FIELDS = { precision: aPrecision };
