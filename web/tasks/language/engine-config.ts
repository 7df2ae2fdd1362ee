import { CELLS, cellOfWord } from '../../engine/cells.js';
import type { FullModelConfig, GenerateOptions, TrainerConfig } from '../../engine/index.js';
import type { LanguageConfig } from '../../links/index.js';
import { openingFor } from './opening.js';

/** A run's values in the engine's words. */
export function trainerConfig(config: LanguageConfig): TrainerConfig {
  return {
    cell: cellOfWord(config.cell),
    hiddenSize: config.hidden,
    numLayers: config.layers,
    embeddingDim: config.embedding,
    dropout: config.dropout,
    forgetBias: config.forgetBias,
    seed: config.seed,
    batchSize: config.batch,
    seqLen: config.seq,
    optimizer: { kind: config.optimizer, learningRate: config.lr },
    clipNorm: config.clip,
    split: config.split,
  };
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
