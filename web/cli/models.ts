import type { Engine, LanguageModel } from '../engine/index.js';
import { CliError } from './cli-error.js';
import { readBytes } from './files.js';

/** The largest model that a configuration allows has 128 MB of weights. */
const MAX_MODEL_BYTES = 256 * 2 ** 20;

/** The bytes of a model that a flag names. */
export function readModelFile(flag: string, path: string): Promise<Uint8Array> {
  return readBytes(flag, path, MAX_MODEL_BYTES);
}

/** The model of `--model`. */
export async function readModel(engine: Engine, path: string): Promise<LanguageModel> {
  const bytes = await readModelFile('--model', path);
  try {
    return engine.loadModel(bytes);
  } catch (error) {
    throw new CliError(`--model ${path}: ${(error as Error).message}`);
  }
}
