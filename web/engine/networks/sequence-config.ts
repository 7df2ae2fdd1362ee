import { aNumber, oneOf } from '../arguments/fields.js';
import type { NetworkConfig } from './network-config.js';
import { NETWORK_FIELDS } from './network-config.js';
import type { ModelConfig, TrainerConfig } from './model-config.js';
import type { TextClassifier } from './text-classifier.js';

/** The recurrent layers of a network that reads whole sequences, and what its head answers to. The head has its bias always. */
export interface SequenceLayersConfig extends NetworkConfig {
  /** Numbers in one hidden state (H), 1 to 1024. */
  readonly hiddenSize: number;
  /**
   * `'last'`: one answer for each sequence, from the final states of the last layer, [forward, reverse] side by side.
   * `'steps'`: one for each step, from the last layer's outputs. Default `'last'`.
   */
  readonly readout?: 'last' | 'steps' | undefined;
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

/** A classifier and how it is trained on `LabelledTexts`, from which its characters and classes are. */
export interface ClassifierTrainerConfig
  extends
    Omit<SequenceLayersConfig, 'readout' | 'hiddenSize'>,
    Pick<ClassifierConfig, 'embeddingDim'>,
    Omit<TrainerConfig, keyof ModelConfig | 'seqLen' | 'model' | 'growVocabulary'> {
  /** Numbers in one hidden state (H), 1 to 1024. Default 128. */
  readonly hiddenSize?: number | undefined;
  /** Starts from the weights of this classifier, which itself stays as it is. Its cell and sizes are the defaults. */
  readonly model?: TextClassifier | undefined;
}

/** Sequences of vectors -> numbers. */
export interface RegressorConfig extends SequenceLayersConfig {
  /** Numbers in one input vector (I), 1 to 4096. */
  readonly inputSize: number;
  /** Numbers to predict (O), 1 to 4096. Default 1. */
  readonly outputSize?: number | undefined;
}

const LAYERS_FIELDS = { ...NETWORK_FIELDS, readout: oneOf(['last', 'steps']) };

export const CLASSIFIER_FIELDS = {
  ...LAYERS_FIELDS,
  vocabSize: aNumber,
  embeddingDim: aNumber,
  paddingIdx: aNumber,
  classes: aNumber,
};

export const REGRESSOR_FIELDS = { ...LAYERS_FIELDS, inputSize: aNumber, outputSize: aNumber };
