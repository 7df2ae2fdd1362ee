import { UnrollError } from '../errors.js';

/** A step of training whose loss, gradient or new weights were not finite numbers, and where training is now. */
export interface Divergence {
  /** The step that failed, counted from 1. */
  readonly step: number;
  /** What was no longer finite first: with a loss that is not, no gradient is; a weight may be lost by the update. */
  readonly of: 'loss' | 'gradient' | 'weight';
  /**
   * The first parameter, in the order of the `state_dict`, whose gradient was not finite, or whose weights were not after
   * the update; null when all were.
   */
  readonly parameter: string | null;
  /** Its recurrent layer; null for the embedding and the head. */
  readonly layer: number | null;
  /** Steps done by the state that is in place again. */
  readonly resumedAtStep: number;
}

/** `NOT_FINITE` with the facts beside the sentence. */
export class DivergedError extends UnrollError {
  constructor(
    message: string,
    readonly divergence: Divergence,
  ) {
    super('NOT_FINITE', message);
  }
}
