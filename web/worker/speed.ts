import type { Engine } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import { trainerConfig } from '../run/index.js';
import type { Speed } from './protocol.js';

/** Time for each of the two measurements. Together they are a blink: the reader is waiting for nothing meanwhile. */
const MEASURE_MS = 60;

/**
 * How many characters a second are trained on and evaluated with this network, here and now.
 *
 * Measured on a trainer of its own, so that the run is not touched. The first step is not counted: it allocates.
 */
export function measureSpeed(engine: Engine, config: RunConfig, text: string, now: () => number): Speed {
  const trainer = engine.createTrainer(trainerConfig(config), text);
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
      trainCharsPerSecond: perSecond(losses.length * config.batch * config.seq, trainMs),
      evaluationCharsPerSecond: perSecond(positions, evaluationMs),
    };
  } finally {
    trainer.delete();
  }
}

/** Clocks are coarse: a time of 0 would make an infinite speed. */
const perSecond = (count: number, ms: number): number => (count / Math.max(ms, 0.1)) * 1000;
