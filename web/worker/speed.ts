import type { Engine, PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import { distinctCharacters } from '../tasks/language/distinct-characters.js';
import { trainerConfig } from '../tasks/language/engine-config.js';
import type { Speed } from './protocol.js';

/** Time for each of the two measurements. Together they are a blink: the reader is waiting for nothing meanwhile. */
const MEASURE_MS = 60;

/** Floating-point operations that a step may have to be measured as it is: about a tenth of a second. */
const MAX_STEP_FLOPS = 1e9;

/** What is done in one piece at the most: the first step, and more for as long as is measured. */
export const MEASURE_FLOPS = 4 * MAX_STEP_FLOPS;

/** Shorter windows would not be typical any more. */
const MIN_SEQ = 8;

/**
 * How many characters a second are trained on and evaluated with this network, here and now.
 *
 * Measured on a trainer of its own, so that the run is not touched. The first step is not counted: it allocates.
 */
export function measureSpeed(engine: Engine, config: RunConfig, text: PreparedText, now: () => number): Speed {
  const { flopsPerChar } = engine.plan({ ...trainerConfig(config), vocabSize: distinctCharacters(text) });
  const measured = { ...config, ...affordableStep(config, flopsPerChar) };
  const trainer = engine.createTrainer(trainerConfig(measured), text);
  try {
    trainer.trainSlice(1, 0);
    let start = now();
    const { losses } = trainer.trainSlice(Number.MAX_SAFE_INTEGER, MEASURE_MS);
    const trainMs = now() - start;

    trainer.beginEvaluation('train');
    start = now();
    const { positions } = trainer.continueEvaluation(MEASURE_MS);
    const evaluationMs = now() - start;
    return {
      trainCharsPerSecond: perSecond(losses.length * measured.batch * measured.seq, trainMs),
      evaluationCharsPerSecond: perSecond(positions, evaluationMs),
    };
  } finally {
    trainer.delete();
  }
}

/**
 * The batch and sequence length to measure with. A step of the largest networks takes minutes; the speed per character
 * is then taken from a shorter window first, and from fewer streams if that is not enough.
 */
export function affordableStep(
  { batch, seq }: Pick<RunConfig, 'batch' | 'seq'>,
  flopsPerChar: number,
): Pick<RunConfig, 'batch' | 'seq'> {
  const chars = Math.max(1, Math.floor(MAX_STEP_FLOPS / flopsPerChar));
  const shorter = Math.min(seq, Math.max(MIN_SEQ, Math.floor(chars / batch)));
  return { seq: shorter, batch: Math.min(batch, Math.max(1, Math.floor(chars / shorter))) };
}

/** Clocks are coarse: a time of 0 would make an infinite speed. */
const perSecond = (count: number, ms: number): number => (count / Math.max(ms, 0.1)) * 1000;
