import { aFlag, aNumber, oneOf } from '../arguments/fields.js';
import type { Cell } from '../cells.js';
import type { CellName } from './cell.js';
import { aCell } from './cell.js';

/**
 * How weights are drawn. Forget-gate biases are a field of their own, `forgetBias`.
 *
 * - `pytorch`     what `torch.nn` does: recurrent weights and biases U(-a, a) with a = 1/sqrt(H), heads a = 1/sqrt(inputs),
 *                 embeddings standard normal
 * - `xavier`      every weight matrix U(-a, a) with a = sqrt(6 / (fanIn + fanOut)), each gate block a matrix of its own;
 *                 biases zero, embeddings standard normal. Glorot and Bengio, 2010
 * - `orthogonal`  as xavier, but each gate block of `weight_hh` is orthogonal. Saxe et al., 2014
 */
export type InitScheme = 'pytorch' | 'xavier' | 'orthogonal';

/** What every recurrent network is made of, with the names of `torch.nn.LSTM`, `GRU` and `RNN`. */
export interface NetworkConfig {
  /** Default `'lstm'`. */
  readonly cell?: CellName | undefined;
  /** Numbers in one hidden state (H), 1 to 1024. */
  readonly hiddenSize?: number | undefined;
  /** Layers, each reading the outputs of the one below (L), 1 to 8. Default 1. */
  readonly numLayers?: number | undefined;
  /** A second network per layer reads backwards; D is then 2. Default false. */
  readonly bidirectional?: boolean | undefined;
  /** Whether the recurrent layers have `bias_ih` and `bias_hh`. Default true. */
  readonly bias?: boolean | undefined;
  /** Share of the outputs between layers that is zeroed in training, 0 to 0.95. Default 0. */
  readonly dropout?: number | undefined;
  /** How the weights are drawn. Default `'pytorch'`. */
  readonly init?: InitScheme | undefined;
  /** Added to `bias_ih` of every LSTM forget gate after the draw, -100 to 100. Default 0, PyTorch's scheme. */
  readonly forgetBias?: number | undefined;
  /** Of the initial weights and the dropout masks, 0 to 2^53 - 1. Default 1. */
  readonly seed?: number | undefined;
}

/** A configuration with nothing left out. */
export type FullNetworkConfig = {
  readonly [Name in keyof NetworkConfig]-?: Name extends 'cell' ? Cell : NonNullable<NetworkConfig[Name]>;
};

/** Of a network that reads forwards and has its biases, as language models do. */
export const FORWARD_FIELDS = {
  cell: aCell,
  hiddenSize: aNumber,
  numLayers: aNumber,
  dropout: aNumber,
  init: oneOf<InitScheme>(['pytorch', 'xavier', 'orthogonal']),
  forgetBias: aNumber,
  seed: aNumber,
};

export const NETWORK_FIELDS = { ...FORWARD_FIELDS, bidirectional: aFlag, bias: aFlag };

export const FORWARD_DEFAULTS = {
  cell: 'lstm',
  numLayers: 1,
  dropout: 0,
  init: 'pytorch',
  forgetBias: 0,
  seed: 1,
} as const satisfies NetworkConfig;

export const NETWORK_DEFAULTS = { ...FORWARD_DEFAULTS, bidirectional: false, bias: true };
