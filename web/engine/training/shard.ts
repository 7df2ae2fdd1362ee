import { aFloat32Array, aNumber, anObject, readFields, refuse } from '../arguments/fields.js';
import { items, property, viewOf } from '../arguments/own.js';

/**
 * One of several replicas that train the same model together. Each has the whole model and its optimizer, and reads its
 * own places of the text: replica r of N has places r*B/N to (r+1)*B/N - 1 of the B, rounded down.
 */
export interface Shard {
  /** 0 to `count` - 1. */
  readonly index: number;
  /** How many replicas there are (N), 1 to 16, and no more than B. */
  readonly count: number;
}

/** What one replica contributes to a step, scaled by its share of the batch: the sum over the replicas is the whole. */
export interface ShardGradients {
  /** The mean loss over this replica's characters, in nats, times its share. */
  readonly loss: number;
  /** The gradients of all parameters in one block, in the engine's own layout, which all replicas share. */
  readonly gradients: Float32Array<ArrayBuffer>;
}

const MOST_REPLICAS = 16;

const SHARD_FIELDS = { index: aNumber, count: aNumber };

export const aShard = (where: string, value: unknown): object => readFields(where, value, SHARD_FIELDS);

/**
 * What came in as plain data, each field checked; not the numbers, on which the watchdog has an eye, and which are not
 * copied in each step: this is for a call at once.
 */
export function someShardGradients(where: string, value: unknown): { loss: number; gradients: Float32Array }[] {
  const own = items(value, MOST_REPLICAS);
  if (own === undefined) refuse(where, value, 'an array with the gradients of each replica');
  const read = own.map((entry, i) => {
    const given = anObject(`${where}[${i}]`, entry);
    return {
      loss: aNumber(`${where}[${i}].loss`, property(given, 'loss')),
      gradients: aFloat32Array(`${where}[${i}].gradients`, property(given, 'gradients')),
    };
  });
  // Only now nothing of the caller's runs any more.
  return read.map(({ loss, gradients }) => ({ loss, gradients: viewOf(Float32Array, gradients) }));
}
