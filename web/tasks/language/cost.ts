import type { Engine, PreparedText } from '../../engine/index.js';
import { describeText } from '../../engine/internal.js';
import type { LanguageConfig } from '../../links/index.js';
import { trainerConfig } from './engine-config.js';

/** What language models cost, before they are made. */

const known = new WeakMap<PreparedText, number>();

/** Distinct characters of a text (V), counted once. */
export function vocabSizeOf(engine: Engine, text: PreparedText): number {
  const size = known.get(text) ?? describeText(engine, text).vocabSize;
  known.set(text, size);
  return size;
}

/** Bytes that a run takes for its networks, over all of its workers. Throws as `Engine.plan()`. */
export function memoryOf(engine: Engine, config: LanguageConfig, vocabSize: number): number {
  const count = config.workers;
  let sum = 0;
  // The first plan refuses more workers than there can be.
  for (let index = 0; index < count; index++) {
    sum += engine.plan({ ...trainerConfig(config), vocabSize, shard: { index, count } }).memoryBytes;
  }
  return sum;
}

/** Floating-point operations of a training step, for each character that it reads. */
export function flopsPerChar(engine: Engine, config: LanguageConfig, text: PreparedText): number {
  return engine.plan({ ...trainerConfig(config), vocabSize: vocabSizeOf(engine, text) }).flopsPerChar;
}

/** Shorter windows would not be typical any more. */
const MIN_SEQ = 8;

/**
 * The batch and sequence length to measure with. A step of the largest networks takes minutes; the speed per character
 * is then taken from a shorter window first, and from fewer streams if that is not enough.
 */
export function affordableStep(
  { batchSize, seqLen }: Pick<LanguageConfig, 'batchSize' | 'seqLen'>,
  flopsPerChar: number,
  stepFlops: number,
): Pick<LanguageConfig, 'batchSize' | 'seqLen'> {
  const chars = Math.max(1, Math.floor(stepFlops / flopsPerChar));
  const shorter = Math.min(seqLen, Math.max(MIN_SEQ, Math.floor(chars / batchSize)));
  return { seqLen: shorter, batchSize: Math.min(batchSize, Math.max(1, Math.floor(chars / shorter))) };
}
