import type { Tensor } from './tensor.js';

/**
 * PyTorch knows three ways to lay out a sequence; the engine knows one, (T, B, features). A `Layout` is the way that a
 * caller has chosen, and turns tensors from the one into the other.
 */
export interface Layout {
  /** The shape of a sequence; a letter stands for any size. */
  sequence(seqLen: number | string, batchSize: number | string, features: number): (number | string)[];
  /** The shape of a state. */
  state(states: number, batchSize: number, hiddenSize: number): number[];
  /** The engine's (T, B, features) of a sequence in this layout. */
  inward(sequence: Tensor): Tensor;
  /** A sequence of the engine in this layout. */
  outward(sequence: Tensor): Tensor;
  /** An (L*D, B, H) of the engine in this layout. */
  stateOutward(state: Tensor): Tensor;
}

/** (T, B, features), states (L*D, B, H). */
const timeMajor: Layout = {
  sequence: (seqLen, batchSize, features) => [seqLen, batchSize, features],
  state: (states, batchSize, hiddenSize) => [states, batchSize, hiddenSize],
  inward: (sequence) => sequence,
  outward: (sequence) => sequence,
  stateOutward: (state) => state,
};

/** (B, T, features), states (L*D, B, H). */
const batchFirst: Layout = {
  ...timeMajor,
  sequence: (seqLen, batchSize, features) => [batchSize, seqLen, features],
  inward: swapFirstTwo,
  outward: swapFirstTwo,
};

/** (T, features), states (L*D, H): one sequence without an axis for the batch. */
const unbatched: Layout = {
  sequence: (seqLen, _batchSize, features) => [seqLen, features],
  state: (states, _batchSize, hiddenSize) => [states, hiddenSize],
  inward: ({ shape: [time, features], data }) => ({ shape: [time!, 1, features!], data }),
  outward: ({ shape: [time, , features], data }) => ({ shape: [time!, features!], data }),
  stateOutward: ({ shape: [states, , hiddenSize], data }) => ({ shape: [states!, hiddenSize!], data }),
};

/** The layout of an input of this rank; a batch is expected unless it has two. */
export function layoutOf(rank: number | undefined, isBatchFirst: boolean): Layout {
  if (rank === 2) return unbatched;
  return isBatchFirst ? batchFirst : timeMajor;
}

function swapFirstTwo({ shape, data }: Tensor): Tensor {
  const [outer, inner, features] = shape as [number, number, number];
  const swapped = new Float32Array(data.length);
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) {
      const from = (i * inner + j) * features;
      swapped.set(data.subarray(from, from + features), (j * outer + i) * features);
    }
  }
  return { shape: [inner, outer, features], data: swapped };
}
