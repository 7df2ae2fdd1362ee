import type { Cell } from '../cells.js';
import type { CellName } from './cell.js';
import { aCell } from './cell.js';
import { aFlag, aNumber, readFields, refuse } from '../arguments/fields.js';
import type { InitScheme } from './init.js';
import { anInit } from './init.js';

/** The arguments of `torch.nn.LSTM`, `GRU` and `RNN`. */
export interface RnnConfig {
  /** Default `'lstm'`. */
  readonly cell?: CellName | undefined;
  /** Numbers in one input vector (I), 1 to 4096. */
  readonly inputSize: number;
  /** Numbers in one hidden state (H), 1 to 1024. */
  readonly hiddenSize: number;
  /** Layers, each reading the outputs of the one below (L), 1 to 8. Default 1. */
  readonly numLayers?: number | undefined;
  /** A second network per layer reads backwards; D is then 2. Default false. */
  readonly bidirectional?: boolean | undefined;
  /** Whether there are `bias_ih` and `bias_hh`. Default true. */
  readonly bias?: boolean | undefined;
  /** Share of the outputs between layers that is zeroed in training, 0 to 0.95. Default 0. */
  readonly dropout?: number | undefined;
  /** How the weights are drawn. Default `'pytorch'`. */
  readonly init?: InitScheme | undefined;
  /** Added to `bias_ih` of every LSTM forget gate after the draw, -100 to 100. Default 0, PyTorch's scheme. */
  readonly forgetBias?: number | undefined;
  /** Inputs and outputs are (B, T, ·) instead of (T, B, ·). States are (L*D, B, H) all the same. Default false. */
  readonly batchFirst?: boolean | undefined;
  /** Of the initial weights and the dropout masks, 0 to 2^53 - 1. Default 1. */
  readonly seed?: number | undefined;
}

/** A configuration with nothing left out. */
export interface FullRnnConfig {
  readonly cell: Cell;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
  readonly dropout: number;
  readonly init: InitScheme;
  readonly forgetBias: number;
  readonly batchFirst: boolean;
  readonly seed: number;
}

const FIELDS = {
  cell: aCell,
  inputSize: aNumber,
  hiddenSize: aNumber,
  numLayers: aNumber,
  bidirectional: aFlag,
  bias: aFlag,
  dropout: aNumber,
  init: anInit,
  forgetBias: aNumber,
  batchFirst: aFlag,
  seed: aNumber,
};

const DEFAULTS = {
  cell: 'lstm',
  numLayers: 1,
  bidirectional: false,
  bias: true,
  dropout: 0,
  init: 'pytorch',
  forgetBias: 0,
  batchFirst: false,
  seed: 1,
} as const;

export function readRnnConfig(config: unknown): FullRnnConfig {
  const given = readFields('RnnConfig', config, FIELDS);
  const { inputSize, hiddenSize } = given;
  if (inputSize === undefined) refuse('RnnConfig: inputSize', inputSize, 'a number');
  if (hiddenSize === undefined) refuse('RnnConfig: hiddenSize', hiddenSize, 'a number');
  return { ...DEFAULTS, ...given, inputSize, hiddenSize };
}
