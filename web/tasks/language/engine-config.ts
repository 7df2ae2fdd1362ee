import { CELLS } from '../../engine/cells.js';
import type { FullModelConfig, GenerateOptions, TrainerConfig } from '../../engine/index.js';
import type { LanguageConfig } from '../../links/index.js';
import { sharedTrainerConfig } from '../trainer-config.js';
import { openingFor } from './opening.js';

/** A run's values in the engine's words. */
export function trainerConfig(config: LanguageConfig): TrainerConfig {
  return { ...sharedTrainerConfig(config), seqLen: config.seqLen };
}

/** How a run's samples are drawn from a model that knows these characters. */
export function sampleOptions(config: LanguageConfig, vocabulary: string): GenerateOptions {
  return {
    prompt: openingFor(config.prompt, vocabulary),
    length: config.sampleLength,
    temperature: config.temperature,
    greedy: config.greedy,
    seed: config.sampleSeed,
  };
}

/** A run's name for a cell of the engine. */
export const cellIn = (cell: FullModelConfig['cell']): LanguageConfig['cell'] => CELLS[cell].word;
