import { cellOfWord } from '../engine/cells.js';
import type { TrainerConfig } from '../engine/index.js';
import type { SharedConfig } from '../links/run-config.js';

/** The values that the runs of all tasks have, in the engine's words. */
export function sharedTrainerConfig(config: SharedConfig): Omit<TrainerConfig, 'seqLen' | 'model' | 'growVocabulary'> {
  const { hiddenSize, numLayers, embeddingDim, dropout, forgetBias, seed, batchSize, clipNorm, split } = config;
  return {
    cell: cellOfWord(config.cell),
    hiddenSize,
    numLayers,
    embeddingDim,
    dropout,
    forgetBias,
    seed,
    batchSize,
    optimizer: { kind: config.optimizer, learningRate: config.learningRate },
    clipNorm,
    split,
  };
}
