import { aFunction, aNumber } from '../engine/internal.js';
import { readAll } from './arguments.js';
import { measureWorkers } from './measure.js';
import type { WorkersMeasure } from './measure.js';
import type { ReplicasOptions } from './replicas-options.js';
import { readSharedOptions } from './replicas-options.js';

/** How many workers to take, and in a sentence why. */
export interface WorkersChoice {
  readonly workers: number;
  readonly why: string;
  /** What was measured, if anything was. */
  readonly measured: readonly WorkersMeasure[];
}

/** Below this a step is a few milliseconds, and not worth the threads. */
const MIN_STEP_FLOPS = 1e8;

/** More workers must gain this much: another thread costs memory, and power. */
const MIN_GAIN = 1.25;

/**
 * Measures two workers, then twice as many and so on, while each doubling pays and there are cores for it.
 *
 * @param cores how many threads run at once here
 * @param stepFlops floating-point operations of one step of the whole batch
 * @param limit the most workers that may be chosen
 */
export async function chooseWorkers(
  options: Omit<ReplicasOptions, 'count'>,
  place: { readonly cores: number; readonly stepFlops: number; readonly limit: number },
  measure: (options: ReplicasOptions) => Promise<WorkersMeasure> = measureWorkers,
): Promise<WorkersChoice> {
  const own = readSharedOptions('chooseWorkers', options);
  const { cores, stepFlops, limit } = readAll('chooseWorkers', place, PLACE);
  aFunction('chooseWorkers: measure', measure);
  const alone = (why: string): WorkersChoice => ({ workers: 1, why, measured: [] });
  if (cores < 2) return alone('there is one core');
  if (stepFlops < MIN_STEP_FLOPS) return alone('a step is too short for more');
  const streams = aNumber('chooseWorkers: config.batchSize', own.config.batchSize ?? 32);
  if (streams < 2) return alone('a batch of one stream cannot be shared');
  const measured: WorkersMeasure[] = [];
  let best = { workers: 1, ratio: 1 };
  for (let count = 2; count <= Math.min(cores, streams, limit); count *= 2) {
    const figure = readAll('chooseWorkers: what was measured', await measure({ ...own, count }), MEASURE);
    measured.push(figure);
    if (figure.ratio < best.ratio * MIN_GAIN) break;
    best = figure;
  }
  return { workers: best.workers, why: measured.map(describe).join('; '), measured };
}

const PLACE = { cores: aNumber, stepFlops: aNumber, limit: aNumber };
const MEASURE = { workers: aNumber, aloneMs: aNumber, togetherMs: aNumber, ratio: aNumber };

function describe({ workers, aloneMs, togetherMs, ratio }: WorkersMeasure): string {
  return `a step takes ${togetherMs.toFixed(1)} ms with ${workers} workers, ${aloneMs.toFixed(1)} ms with one (${ratio.toFixed(2)} times as fast)`;
}
