import type { RunConfig } from '../links/run-config.js';
import type { Speed } from './protocol.js';
import type { Ingredients } from './run-source.js';

/** Time for each of the two measurements. Together they are a blink: the reader is waiting for nothing meanwhile. */
const MEASURE_MS = 60;

/** Floating-point operations that a step may have to be measured as it is: about a tenth of a second. */
const MAX_STEP_FLOPS = 1e9;

/** What is done in one piece at the most: the first step, and more for as long as is measured. */
export const MEASURE_FLOPS = 4 * MAX_STEP_FLOPS;

/**
 * How much a second is trained on and evaluated with this network, here and now.
 *
 * Measured on a trainer of its own, so that the run is not touched. The first step is not counted: it allocates.
 */
export function measureSpeed({ engine, task, data }: Ingredients, config: RunConfig, now: () => number): Speed {
  const measured = task.affordable(engine, config, data, MAX_STEP_FLOPS);
  const trainer = engine.createTrainer(task.trainerConfig(measured), data);
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
      trainPerSecond: perSecond(losses.length * task.unitsPerStep(measured), trainMs),
      evaluationPerSecond: perSecond(positions, evaluationMs),
    };
  } finally {
    trainer.delete();
  }
}

/** Clocks are coarse: a time of 0 would make an infinite speed. */
const perSecond = (count: number, ms: number): number => (count / Math.max(ms, 0.1)) * 1000;
