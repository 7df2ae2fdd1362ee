import type { Boundary } from './boundary.js';
import { aNumber, readFields, refuse } from './fields.js';

export interface BucketOptions {
  /** Sequences of a batch (B), from 1 on. */
  readonly batchSize: number;
  /**
   * Batches that are sorted together, from 1 on: one pads most, all of an epoch pad least but let the same sequences meet
   * in every epoch. Default 50.
   */
  readonly poolBatches?: number | undefined;
  /** Of the order, 0 to 2^53 - 1: another one for each epoch. Default 1. */
  readonly seed?: number | undefined;
}

/** An epoch of batches in which sequences of about the same length meet. */
export interface BucketedEpoch {
  /** Positions of the sequences in each batch, the longest first; each sequence is in one batch, the last may be smaller. */
  readonly batches: readonly Int32Array[];
  /** Which part of all places of the rectangles T x B is padding, 0 <= share < 1. */
  readonly paddingShare: number;
  /** The same for batches of the shuffled order as it is. */
  readonly paddingShareUnbucketed: number;
}

const FIELDS = { batchSize: aNumber, poolBatches: aNumber, seed: aNumber };

export function bucketByLength(boundary: Boundary, lengths: unknown, options: BucketOptions): BucketedEpoch {
  const who = 'bucketByLength';
  const { batchSize, poolBatches = 50, seed = 1 } = readFields(who, options, FIELDS);
  if (batchSize === undefined) refuse(`${who}: batchSize`, batchSize, 'a number');
  if (!Array.isArray(lengths) && !(lengths instanceof Int32Array))
    refuse(`${who}: lengths`, lengths, 'an array of lengths');
  for (const length of lengths as Iterable<unknown>) {
    const fits = Number.isInteger(length) && (length as number) >= 1 && (length as number) < 2 ** 31;
    if (!fits) refuse(`${who}: a length`, length, 'a whole number from 1 on');
  }
  const own = Int32Array.from(lengths as ArrayLike<number>);
  return boundary.call(() => boundary.module.bucketByLength(own, { batchSize, poolBatches, seed }));
}
