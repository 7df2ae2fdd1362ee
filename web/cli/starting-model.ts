import { createEngine } from '../engine/index.js';
import type { Engine, FullModelConfig } from '../engine/index.js';
import { DEFAULTS } from '../links/index.js';
import { fieldsOf } from '../links/run-config.js';
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
  return { cell: cellIn(cell), hiddenSize, numLayers, embeddingDim, dropout };
}

/** @throws UsageError that names what the model has otherwise. */
export function expectSameNetwork(path: string, model: LanguageConfig, wanted: RunConfig): void {
  for (const { property, name } of fieldsOf('language')) {
    const key = SIZES.find((size) => size === property);
    if (key === undefined || model[key] === wanted[key]) continue;
    throw new UsageError(`--${name} is ${wanted[key]}, but --init-from ${path} has ${model[key]}; leave --${name} out`);
  }
}

const SIZES = ['cell', 'hiddenSize', 'numLayers', 'embeddingDim'] as const;
