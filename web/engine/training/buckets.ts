import type { Boundary } from '../module/boundary.js';
import { aNumber, readFields, refuse, wholeNumbers } from '../arguments/fields.js';
import { lengthOf } from '../arguments/own.js';

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

/** Of an epoch: more are for several calls, as they are only sorted within their pools. */
const MOST_SEQUENCES = 2 ** 20;

const FIELDS = { batchSize: aNumber, poolBatches: aNumber, seed: aNumber };

export function bucketByLength(boundary: Boundary, lengths: unknown, options: BucketOptions): BucketedEpoch {
  const who = 'bucketByLength';
  const { batchSize, poolBatches = 50, seed = 1 } = readFields(who, options, FIELDS);
  if (batchSize === undefined) refuse(`${who}: batchSize`, batchSize, 'a number');
  const refuseList = (): never => refuse(`${who}: lengths`, lengths, `an array of lengths, at most ${MOST_SEQUENCES}`);
  const count = lengthOf(lengths) ?? refuseList();
  if (!(count <= MOST_SEQUENCES)) refuseList();
  const own = wholeNumbers(
    lengths,
    (length) => length >= 1 && length < 2 ** 31,
    refuseList,
    (length) => refuse(`${who}: a length`, length, 'a whole number from 1 on'),
  );
  const { order, ends, ...shares } = boundary.call(() =>
    boundary.module.bucketByLength(own, { batchSize, poolBatches, seed }),
  );
  return { batches: Array.from(ends, (end, i) => order.slice(ends[i - 1] ?? 0, end)), ...shares };
}
