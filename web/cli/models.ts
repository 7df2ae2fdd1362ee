import type { Engine, LanguageModel } from '../engine/index.js';
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
