import { aFlag, aNumber, readFields, refuse } from '../arguments/fields.js';
import type { FullNetworkConfig, NetworkConfig } from './network-config.js';
import { NETWORK_DEFAULTS, NETWORK_FIELDS } from './network-config.js';

/** The arguments of `torch.nn.LSTM`, `GRU` and `RNN`. */
export interface RnnConfig extends NetworkConfig {
  /** Numbers in one input vector (I), 1 to 4096. */
  readonly inputSize: number;
  /** Numbers in one hidden state (H), 1 to 1024. */
  readonly hiddenSize: number;
  /** Inputs and outputs are (B, T, ·) instead of (T, B, ·). States are (L*D, B, H) all the same. Default false. */
  readonly batchFirst?: boolean | undefined;
}

/** A configuration with nothing left out. */
export interface FullRnnConfig extends FullNetworkConfig {
  readonly inputSize: number;
  readonly batchFirst: boolean;
}

const FIELDS = { ...NETWORK_FIELDS, inputSize: aNumber, batchFirst: aFlag };

export function readRnnConfig(config: unknown): FullRnnConfig {
  const given = readFields('RnnConfig', config, FIELDS);
  const { inputSize, hiddenSize } = given;
  if (inputSize === undefined) refuse('RnnConfig: inputSize', inputSize, 'a number');
  if (hiddenSize === undefined) refuse('RnnConfig: hiddenSize', hiddenSize, 'a number');
  return { ...NETWORK_DEFAULTS, batchFirst: false, ...given, inputSize, hiddenSize };
}
