import type { Engine, PreparedText } from '../../engine/index.js';
import { describeText } from '../../engine/internal.js';

const known = new WeakMap<PreparedText, number>();

/** Distinct characters of a text (V), counted once. */
export function vocabSizeOf(engine: Engine, text: PreparedText): number {
  const size = known.get(text) ?? describeText(engine, text).vocabSize;
  known.set(text, size);
  return size;
}
