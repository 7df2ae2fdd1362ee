import { createEngine } from '../engine/index.js';
import type { Engine, FullModelConfig } from '../engine/index.js';
import { DEFAULTS } from '../links/index.js';
import type { LanguageConfig, RunConfig } from '../links/index.js';
import { cellIn } from '../run/index.js';
import type { Start } from '../run/index.js';
import { CliError, UsageError } from './cli-error.js';
import { readModelFile } from './models.js';

/** A model of `--init-from`. */
export interface StartingModel {
  /** What a run has that starts from it, where no flag says otherwise. */
  readonly values: LanguageConfig;
  readonly start: (engine: Engine) => Required<Start>;
}

/** @throws CliError */
export async function readStartingModel(path: string, growVocabulary: boolean): Promise<StartingModel> {
  const bytes = await readModelFile('--init-from', path);
  const load = <Model>(read: () => Model): Model => {
    try {
      return read();
    } catch (error) {
      throw new CliError(`--init-from ${path}: ${(error as Error).message}`);
    }
  };
  const engine = await createEngine();
  const { config } = load(() => engine.describeModel(bytes));
  return {
    values: { ...DEFAULTS, ...valuesOf(config) },
    start: (own) => ({ model: load(() => own.loadModel(bytes)), growVocabulary }),
  };
}

function valuesOf({ cell, hiddenSize, numLayers, embeddingDim, dropout }: FullModelConfig): Partial<LanguageConfig> {
  return { cell: cellIn(cell), hidden: hiddenSize, layers: numLayers, embedding: embeddingDim, dropout };
}

/** @throws UsageError that names what the model has otherwise. */
export function expectSameNetwork(path: string, model: LanguageConfig, wanted: RunConfig): void {
  for (const key of ['cell', 'hidden', 'layers', 'embedding'] as const) {
    if (model[key] === wanted[key]) continue;
    throw new UsageError(`--${key} is ${wanted[key]}, but --init-from ${path} has ${model[key]}; leave --${key} out`);
  }
}
