import { setImmediate } from 'node:timers/promises';
import type { TextGenerator } from '../engine/index.js';

/** Long enough to waste nothing, short enough that a text appears while it is written, and ends with its reader. */
const SLICE_MS = 100;

/** Characters of the largest piece. */
const MAX_CHUNK = 2 ** 16;

/** A text that a model wrote, with ln p of each character. */
export interface Written {
  readonly text: string;
  readonly logProbs: Float32Array;
  /** Of a beam search. */
  readonly score?: number;
}

/** Draws a text piece by piece, and shows each as it comes; with null nothing is shown. The pieces do not change it. */
export async function drawText(
  generator: TextGenerator,
  length: number,
  show: ((piece: string) => Promise<void>) | null,
): Promise<Written> {
  const logProbs = new Float32Array(length);
  const pieces: string[] = [];
  let written = 0;
  let chunk = 1;
  for (let stopped = false; written < length && !stopped;) {
    const before = performance.now();
    const piece = generator.next(Math.min(chunk, length - written));
    if (performance.now() - before < SLICE_MS) chunk = Math.min(2 * chunk, MAX_CHUNK);
    pieces.push(piece.text);
    logProbs.set(piece.logProbs, written);
    written += piece.logProbs.length;
    stopped = piece.stopped;
    await (show ? show(piece.text) : setImmediate());
  }
  generator.delete();
  return { text: pieces.join(''), logProbs: logProbs.subarray(0, written) };
}
