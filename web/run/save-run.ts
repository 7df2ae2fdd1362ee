import type { Trainer } from '../engine/index.js';
import type { RunConfig } from '../links/run-config.js';
import type { Run } from './run.js';

/** The bytes of a run's model as it is now: its weights, its step, and how it came to be. */
export function saveRun(run: Run<Trainer>): Uint8Array<ArrayBuffer> {
  const { engine, step, config } = run;
  return engine.scope((scope) => engine.saveModel(scope.use(run.model()), { step, run: describeRun(config) }));
}

/** A run's values as JSON. Data of one's own stay where they are: nobody expects them inside a file of weights. */
export function describeRun(config: RunConfig): string {
  return JSON.stringify(config, (_, value: unknown) => (isOwn(value) ? null : value));
}

const isOwn = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'own';
