import type { LanguageConfig } from '../../links/index.js';

/** Shorter windows would not be typical any more. */
const MIN_SEQ = 8;

/**
 * The batch and sequence length to measure with. A step of the largest networks takes minutes; the speed per character
 * is then taken from a shorter window first, and from fewer streams if that is not enough.
 */
export function affordableStep(
  { batch, seq }: Pick<LanguageConfig, 'batch' | 'seq'>,
  flopsPerChar: number,
  stepFlops: number,
): Pick<LanguageConfig, 'batch' | 'seq'> {
  const chars = Math.max(1, Math.floor(stepFlops / flopsPerChar));
  const shorter = Math.min(seq, Math.max(MIN_SEQ, Math.floor(chars / batch)));
  return { seq: shorter, batch: Math.min(batch, Math.max(1, Math.floor(chars / shorter))) };
}
