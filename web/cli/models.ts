import type { Engine, LanguageModel } from '../engine/index.js';
import type { Run } from '../run/index.js';
import { CliError } from './cli-error.js';
import { readBytes } from './files.js';

/** The largest model that a configuration allows has 128 MB of weights. */
const MAX_MODEL_BYTES = 256 * 2 ** 20;

/** The model of `--model`. */
export async function readModel(engine: Engine, path: string): Promise<LanguageModel> {
  const bytes = await readBytes('--model', path, MAX_MODEL_BYTES);
  try {
    return engine.loadModel(bytes);
  } catch (error) {
    throw new CliError(`--model ${path}: ${(error as Error).message}`);
  }
}

/** The bytes of a run's model as it is now, with everything that tells where it comes from. */
export function saveRun(engine: Engine, run: Run): Uint8Array {
  const model = run.model();
  try {
    return engine.saveModel(model, { step: run.step });
  } finally {
    model.delete();
  }
}
