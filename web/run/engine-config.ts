import { oneOf } from '../engine/fields.js';
import type { FullModelConfig, GenerateOptions, TrainerConfig } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { ownConfig } from './arguments.js';
import { openingFor } from './opening.js';

/** A run's values in the engine's words. */
export function trainerConfig(config: RunConfig): TrainerConfig {
  const own = ownConfig(config);
  return {
    cell: CELLS[own.cell],
    hiddenSize: own.hidden,
    numLayers: own.layers,
    embeddingDim: own.embedding,
    dropout: own.dropout,
    forgetBias: own.forgetBias,
    seed: own.seed,
    batchSize: own.batch,
    seqLen: own.seq,
    optimizer: { kind: own.optimizer, learningRate: own.lr },
    clipNorm: own.clip,
    split: own.split,
  };
}

/** How a run's samples are drawn from a model that knows these characters. */
export function sampleOptions(config: RunConfig, vocabulary: string): GenerateOptions {
  const own = ownConfig(config);
  return {
    prompt: openingFor(own.prompt, vocabulary),
    length: own.sampleLength,
    temperature: own.temperature,
    greedy: own.greedy,
    seed: own.sampleSeed,
  };
}

/** A run's name for a cell of the engine. */
export function cellIn(cell: FullModelConfig['cell']): RunConfig['cell'] {
  const own = oneOf(Object.values(CELLS))('cellIn: cell', cell);
  return (Object.keys(CELLS) as RunConfig['cell'][]).find((name) => CELLS[name] === own)!;
}

const CELLS = { lstm: 'lstm', gru: 'gru', rnn: 'rnn_tanh', 'rnn-relu': 'rnn_relu' } as const;
