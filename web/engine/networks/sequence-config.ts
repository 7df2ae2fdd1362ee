import type { CellName } from './cell.js';
import { aCell } from './cell.js';
import { aFlag, aNumber, oneOf } from '../arguments/fields.js';
import type { InitScheme } from './init.js';
import { anInit } from './init.js';

/** The recurrent layers of a network that reads whole sequences, and what its head answers to. */
export interface SequenceLayersConfig {
  /** Default `'lstm'`. */
  readonly cell?: CellName | undefined;
  /** Numbers in one hidden state (H), 1 to 1024. */
  readonly hiddenSize: number;
  /** Recurrent layers (L), 1 to 8. Default 1. */
  readonly numLayers?: number | undefined;
  /** A second network per layer reads backwards; D is then 2. Default false. */
  readonly bidirectional?: boolean | undefined;
  /** Whether the recurrent layers have `bias_ih` and `bias_hh`; the head has its bias. Default true. */
  readonly bias?: boolean | undefined;
  /** Share of the outputs between layers that is zeroed in training, 0 to 0.95. Default 0. */
  readonly dropout?: number | undefined;
  /**
   * `'last'`: one answer for each sequence, from the final states of the last layer, [forward, reverse] side by side.
   * `'steps'`: one for each step, from the last layer's outputs. Default `'last'`.
   */
  readonly readout?: 'last' | 'steps' | undefined;
  /** How the weights are drawn. Default `'pytorch'`. */
  readonly init?: InitScheme | undefined;
  /** Added to `bias_ih` of every LSTM forget gate after the draw, -100 to 100. Default 0. */
  readonly forgetBias?: number | undefined;
  /** Of the initial weights and the dropout masks, 0 to 2^53 - 1. Default 1. */
  readonly seed?: number | undefined;
}

/** Sequences of tokens -> classes. */
export interface ClassifierConfig extends SequenceLayersConfig {
  /** Distinct tokens (V), 1 to 4096. */
  readonly vocabSize: number;
  /** Numbers by which a token enters the first layer (E), 1 to 1024; 0 means one-hot. Default 0. */
  readonly embeddingDim?: number | undefined;
  /** A token whose embedding gets no gradient, as `torch.nn.Embedding(padding_idx)`. Default none. */
  readonly paddingIdx?: number | undefined;
  /** Classes (C), 1 to 4096. */
  readonly classes: number;
}

/** Sequences of vectors -> numbers. */
export interface RegressorConfig extends SequenceLayersConfig {
  /** Numbers in one input vector (I), 1 to 4096. */
  readonly inputSize: number;
  /** Numbers to predict (O), 1 to 4096. Default 1. */
  readonly outputSize?: number | undefined;
}

const LAYERS_FIELDS = {
  cell: aCell,
  hiddenSize: aNumber,
  numLayers: aNumber,
  bidirectional: aFlag,
  bias: aFlag,
  dropout: aNumber,
  readout: oneOf(['last', 'steps']),
  init: anInit,
  forgetBias: aNumber,
  seed: aNumber,
};

export const CLASSIFIER_FIELDS = {
  ...LAYERS_FIELDS,
  vocabSize: aNumber,
  embeddingDim: aNumber,
  paddingIdx: aNumber,
  classes: aNumber,
};

export const REGRESSOR_FIELDS = { ...LAYERS_FIELDS, inputSize: aNumber, outputSize: aNumber };
