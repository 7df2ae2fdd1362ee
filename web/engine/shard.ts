import { aNumber, anObject, readFields, refuse } from './fields.js';

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

const SHARD_FIELDS = { index: aNumber, count: aNumber };

export const aShard = (where: string, value: unknown): object => readFields(where, value, SHARD_FIELDS);

export function aFloat32Array(where: string, value: unknown): Float32Array<ArrayBuffer> {
  return value instanceof Float32Array ? (value as Float32Array<ArrayBuffer>) : refuse(where, value, 'a Float32Array');
}

/** Plain copies of what came in, each field checked; not the numbers, on which the watchdog has an eye. */
export function someShardGradients(where: string, value: unknown): ShardGradients[] {
  if (!Array.isArray(value)) refuse(where, value, 'an array with the gradients of each replica');
  return Array.from(value as readonly unknown[], (entry, i) => {
    const { loss, gradients } = anObject(`${where}[${i}]`, entry) as Partial<ShardGradients>;
    return {
      loss: aNumber(`${where}[${i}].loss`, loss),
      gradients: aFloat32Array(`${where}[${i}].gradients`, gradients),
    };
  });
}
