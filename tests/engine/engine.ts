import { createEngine, UnrollError } from '../../web/engine/index.js';
import type { ErrorCode } from '../../web/engine/index.js';

/** One engine for the tests of a file. */
export const engine = await createEngine();

/** How often something is done that is done so often: under AddressSanitizer, where all takes longer, a part of it. */
export const times = (count: number): number => (process.env['UNROLL_WATCHED'] ? Math.ceil(count / 25) : count);

/** A text that a small network learns quickly. */
export const SENTENCES = 'the quick brown fox jumps over the lazy dog. '.repeat(60);

/** A trainer's configuration that takes no time. */
export const SMALL = { hiddenSize: 12, batchSize: 3, seqLen: 7, seed: 5 } as const;

/** The error of a call that must be refused. */
export function refusal(action: () => unknown): UnrollError {
  try {
    action();
  } catch (error) {
    if (error instanceof UnrollError) return error;
    throw error;
  }
  throw new Error('the call was not refused');
}

/** Its code and sentence in one line, as tests compare them. */
export function refused(action: () => unknown): `${ErrorCode}: ${string}` {
  const { code, message } = refusal(action);
  return `${code}: ${message}`;
}

/** Numbers that are neither zero nor regular. */
export function numbers(count: number, phase = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(phase + 1.7 * i));
}
