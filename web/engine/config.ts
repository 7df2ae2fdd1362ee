/**
 * The recurrent cells, as in PyTorch. `rnn` is short for `rnn_tanh`.
 *
 *     lstm      i, f, o = σ(…)  g = tanh(…)  c' = f c + i g  h' = o tanh(c')
 *     gru       r, z = σ(…)  n = tanh(W x + b + r (W h + b))  h' = (1 - z) n + z h
 *     rnn_tanh  h' = tanh(W x + b + W h + b)        rnn_relu  h' = max(0, …)
 *
 * Source: https://docs.pytorch.org/docs/stable/nn.html#recurrent-layers
 */
export type Cell = 'lstm' | 'gru' | 'rnn' | 'rnn_tanh' | 'rnn_relu';

/** torch.nn.RNN, GRU or LSTM. What is left out has PyTorch's default. */
export interface RnnConfig {
  readonly cell: Cell;
  /** 1 to 4096 */
  readonly inputSize: number;
  /** 1 to 1024 */
  readonly hiddenSize: number;
  /** 1 to 8, default 1 */
  readonly numLayers?: number;
  /** Default false. With true, outputs have 2 H features: forward, then reverse. */
  readonly bidirectional?: boolean;
  /** Default true: both bias vectors. */
  readonly bias?: boolean;
  /** Default false: inputs and outputs are (T, B, ·). With true they are (B, T, ·); states stay (L·D, B, H). */
  readonly batchFirst?: boolean;
  /** Probability of a zero on the output of every layer but the last, in training only. 0 to 0.95, default 0. */
  readonly dropout?: number;
  /** Of the initial weights, U(-1/√H, 1/√H), and of dropout. Whole, 0 to 2^53 - 1, default 1. */
  readonly seed?: number;
}

/** A character-level language model. */
export interface ModelConfig {
  /** Default lstm. */
  readonly cell?: Cell;
  /** 1 to 1024, default 128 */
  readonly hiddenSize?: number;
  /** 1 to 8, default 1 */
  readonly numLayers?: number;
  /** 0 to 1024, default 0: one-hot characters */
  readonly embeddingDim?: number;
  /** Between layers, in training only. 0 to 0.95, default 0. */
  readonly dropout?: number;
  /** Added to the initial forget-gate bias of an LSTM (Jozefowicz et al. 2015 advise 1). Default 0, as PyTorch. */
  readonly forgetBias?: number;
  /** Of the initial weights. Whole, 0 to 2^53 - 1, default 1. */
  readonly seed?: number;
}

/** The arguments of torch.optim's classes. What is left out has PyTorch's default for the kind. */
export interface OptimizerConfig {
  readonly kind: 'sgd' | 'rmsprop' | 'adagrad' | 'adam' | 'adamw';
  readonly learningRate?: number;
  readonly weightDecay?: number;
  /** SGD */
  readonly momentum?: number;
  /** SGD */
  readonly nesterov?: boolean;
  /** Adam, AdamW */
  readonly beta1?: number;
  /** Adam, AdamW */
  readonly beta2?: number;
  /** RMSprop */
  readonly alpha?: number;
  /** All but SGD */
  readonly eps?: number;
}

/** A language model and how it is trained on a text. */
export interface TrainerConfig extends ModelConfig {
  /** Streams read side by side. 1 to 1024, default 32. */
  readonly batchSize?: number;
  /** Steps of truncated back-propagation through time. 1 to 4096, default 64. */
  readonly seqLen?: number;
  /** Default Adam with learning rate 0.002. */
  readonly optimizer?: OptimizerConfig;
  /** Largest L2 norm of all gradients together; 0: no clipping. Default 5. */
  readonly clipNorm?: number;
  /** Fractions of the text for training, validation and test, by position. Default 0.9, 0.05, 0.05. */
  readonly split?: readonly [number, number, number];
}

/** @internal The cell's name in the engine. */
export function rawCell(cell: Cell | undefined): string | undefined {
  return cell === 'rnn' ? 'rnn_tanh' : cell;
}

/** @internal */
export function rawConfig<Config extends { readonly cell?: Cell }>(config: Config): object {
  return { ...config, cell: rawCell(config.cell) };
}
