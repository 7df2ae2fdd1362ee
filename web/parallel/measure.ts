import { Replicas } from './replicas.js';
import type { ReplicasOptions } from './replicas-options.js';
import { readOptions } from './replicas-options.js';

/** How long a step takes alone and with several replicas, and what they gain. */
export interface WorkersMeasure {
  readonly workers: number;
  readonly aloneMs: number;
  readonly togetherMs: number;
  /** aloneMs / togetherMs; above 1 the replicas are faster. */
  readonly ratio: number;
}

/** Rounds, each with one replica and with several, so that a drift of the machine's speed meets both. */
const ROUNDS = 3;

/** A round goes on for about this long, or for one step. */
const ROUND_MS = 60;

/**
 * Trains a few steps of the real configuration with one and with `count` replicas, on scratch trainers, and compares the
 * best rounds: what else goes on in the machine only ever slows down.
 *
 * @throws UnrollError as `Replicas.start()`
 */
export async function measureWorkers(options: ReplicasOptions): Promise<WorkersMeasure> {
  const own = readOptions('measureWorkers', options);
  return own.engine.scope(async (scope) => {
    const alone = scope.use(own.engine.createTrainer(own.config, own.data));
    const together = scope.use(await Replicas.start(own));
    const one = async (maxMs: number) => alone.trainSlice(Number.MAX_SAFE_INTEGER, maxMs);
    const many = async (maxMs: number) => together.trainSlice(Number.MAX_SAFE_INTEGER, maxMs);
    // The first step allocates.
    await one(0);
    await many(0);
    let aloneMs = Infinity;
    let togetherMs = Infinity;
    for (let round = 0; round < ROUNDS; ++round) {
      aloneMs = Math.min(aloneMs, await msPerStep(one));
      togetherMs = Math.min(togetherMs, await msPerStep(many));
    }
    return { workers: own.count, aloneMs, togetherMs, ratio: aloneMs / togetherMs };
  });
}

async function msPerStep(slice: (maxMs: number) => Promise<{ readonly losses: ArrayLike<number> }>): Promise<number> {
  const start = performance.now();
  const { losses } = await slice(ROUND_MS);
  return (performance.now() - start) / losses.length;
}
