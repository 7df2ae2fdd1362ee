import type { LanguageConfig } from '../../links/index.js';

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
