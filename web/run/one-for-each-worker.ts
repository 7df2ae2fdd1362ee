import { UnrollError } from '../engine/index.js';
import type { Trainer } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import type { Replicas } from '../parallel/index.js';
import type { RunCheckpoint } from './checkpoint.js';

/** @throws UnrollError `INVALID_ARGUMENT` for the checkpoint of a run with several workers. */
export function onlyOne(states: RunCheckpoint['states']): Uint8Array {
  if (states.length === 1) return states[0]!;
  const what = `the checkpoint has the states of ${states.length} workers, this run has one`;
  throw new UnrollError('INVALID_ARGUMENT', `Run.restore: ${what}`);
}

/** @throws UnrollError `INVALID_CONFIG` when there are more replicas than workers, or fewer. */
export function checkWorkers({ workers }: RunConfig, replicas: number): void {
  if (workers === replicas) return;
  const trains = replicas === 1 ? 'this trains in one thread' : `there are ${replicas} replicas`;
  throw new UnrollError(
    'INVALID_CONFIG',
    `Run: workers is ${workers}, but ${trains}, which gives other results; train it with \`unroll run\`, or set workers to ${replicas}`,
  );
}

/** @throws UnrollError `INTERNAL` when the replicas' weights are not the same: then what was trained is nothing. */
export async function expectEqual(replicas: Replicas<Trainer>, step: number): Promise<void> {
  const all = await replicas.fingerprints();
  if (all.every((fingerprint) => fingerprint === all[0])) return;
  throw new UnrollError('INTERNAL', `Run: at step ${step} the replicas differ: ${all.join(', ')}`);
}
