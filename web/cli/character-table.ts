import { faint, line } from './terminal.js';
import type { Line } from './terminal.js';
import { visibleJson } from './visible.js';

/**
 * One line for each character: how it is written in JSON, so that a line break is seen, ln p and p.
 *
 * @param logProbs ln p of each character of `text`
 */
export function* characterTable(text: string, logProbs: Float32Array): Generator<Line> {
  let i = 0;
  for (const character of text) {
    const logProb = logProbs[i++]!;
    const percent = `${(100 * Math.exp(logProb)).toFixed(2)} %`;
    yield line`${visibleJson(character).padEnd(8)} ${logProb.toFixed(4).padStart(9)} ${faint(percent.padStart(9))}`;
  }
}

/** The same numbers in JSON, each short enough to read and long enough to be the float32 again. */
export const listOf = (logProbs: Float32Array): number[] =>
  Array.from(logProbs, (logProb) => Number(logProb.toPrecision(9)));
