import type { RunConfig } from '../links/index.js';
import type { Run } from './run.js';

/** The bytes of a run's model as it is now: its weights, its step, and how it came to be. */
export function saveRun(run: Run): Uint8Array<ArrayBuffer> {
  const { engine, step, config } = run;
  return engine.scope((scope) => engine.saveModel(scope.use(run.model()), { step, run: describeRun(config) }));
}

/** A run's values as JSON. A text of one's own stays where it is: nobody expects it inside a file of weights. */
export function describeRun(config: RunConfig): string {
  return JSON.stringify({ ...config, text: typeof config.text === 'string' ? config.text : null });
}
