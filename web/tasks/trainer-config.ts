import { cellOfWord } from '../engine/cells.js';
import type { TrainerConfig } from '../engine/index.js';
import type { SharedConfig } from '../links/run-config.js';

/** The values that the runs of all tasks have, in the engine's words. */
export function sharedTrainerConfig(config: SharedConfig): Omit<TrainerConfig, 'seqLen' | 'model' | 'growVocabulary'> {
  return {
    cell: cellOfWord(config.cell),
    hiddenSize: config.hidden,
    numLayers: config.layers,
    embeddingDim: config.embedding,
    dropout: config.dropout,
    forgetBias: config.forgetBias,
    seed: config.seed,
    batchSize: config.batch,
    optimizer: { kind: config.optimizer, learningRate: config.lr },
    clipNorm: config.clip,
    split: config.split,
  };
}
