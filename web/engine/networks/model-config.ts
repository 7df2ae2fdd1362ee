import { aNumber, numbers, refuse } from '../arguments/fields.js';
import { items } from '../arguments/own.js';
import type { OptimizerConfig } from '../training/optimizer-config.js';
import { anOptimizer } from '../training/optimizer-config.js';
import type { ScheduleConfig } from '../training/schedule-config.js';
import { aSchedule } from '../training/schedule-config.js';
import type { Shard } from '../training/shard.js';
import { aShard } from '../training/shard.js';
import type { LanguageModel } from './language-model.js';
import type { FullNetworkConfig, NetworkConfig } from './network-config.js';
import { FORWARD_FIELDS } from './network-config.js';

/**
 * A character-level language model, all but its vocabulary: V characters -> one-hot or embedding -> recurrent layers ->
 * linear head -> V logits. It reads forwards, or it would see what it is to predict.
 */
export interface ModelConfig extends Omit<NetworkConfig, 'bidirectional' | 'bias'> {
  /** Numbers in one hidden state (H), 1 to 1024. Default 128. */
  readonly hiddenSize?: number | undefined;
  /** Numbers by which a character enters the first layer (E), 1 to 1024; 0 means one-hot. Default 0. */
  readonly embeddingDim?: number | undefined;
}

/** A configuration with nothing left out. */
export interface FullModelConfig extends Omit<FullNetworkConfig, 'bidirectional' | 'bias'> {
  readonly embeddingDim: number;
}

/** A model and how it is trained on a text. */
export interface TrainerConfig extends ModelConfig {
  /** Places of the text that are read side by side (B), 1 to 1024. Default 32. */
  readonly batchSize?: number | undefined;
  /** Characters through which the gradient flows back (T), 1 to 4096. Default 64. */
  readonly seqLen?: number | undefined;
  /** Default adam with a learning rate of 0.002. */
  readonly optimizer?: OptimizerConfig | undefined;
  /**
   * How the learning rate changes with the steps. A plateau schedule watches what `Trainer.observeValidation()` tells it.
   * Default: it stays.
   */
  readonly schedule?: ScheduleConfig | undefined;
  /** The gradient's norm over all parameters is brought down to this; 0 leaves it. Default 5. */
  readonly clipNorm?: number | undefined;
  /** Each number of the gradient is clamped to ±clipValue, before its norm is looked at; 0 leaves them. Default 0. */
  readonly clipValue?: number | undefined;
  /** Shares of the text, in this order, for training, validation and test; they add up to 1. Default 0.9, 0.05, 0.05. */
  readonly split?: readonly [number, number, number] | undefined;
  /** Which of several replicas that train together this is. Default the only one. */
  readonly shard?: Shard | undefined;
  /**
   * Starts from the weights of this model, which itself stays as it is, instead of drawing them. Its cell and sizes are the
   * defaults, and others are refused; so are characters of the text that it does not know, unless `growVocabulary` is set.
   */
  readonly model?: LanguageModel | undefined;
  /**
   * Gives characters that the model does not know tokens behind its own, in the order of their code points, with weights
   * drawn from `seed` as a new network would have them; without `model` there is none. Default false.
   */
  readonly growVocabulary?: boolean | undefined;
}

/** What `Engine.plan()` looks at: a trainer's configuration and the size of the vocabulary its text will have. */
export interface PlanConfig extends Omit<TrainerConfig, 'model' | 'growVocabulary'> {
  /** Distinct characters (V), 1 to 4096. */
  readonly vocabSize: number;
}

export const MODEL_FIELDS = { ...FORWARD_FIELDS, embeddingDim: aNumber };

/** A vocabulary crosses the boundary as code points. */
export const LANGUAGE_MODEL_FIELDS = {
  ...MODEL_FIELDS,
  vocabulary: (where: string, value: unknown): Uint32Array =>
    Uint32Array.from(charactersOf(where, value), (character) => character.codePointAt(0)!),
};

/** The characters of a string, or of a list of them. */
export function charactersOf(where: string, value: unknown): readonly string[] {
  const own =
    typeof value === 'string' && value.length <= MOST_UNITS ? [...value] : items(value, MOST_UNITS, ifCharacter);
  return own ?? refuse(where, value, 'a string or an array of single characters');
}

/** More than any vocabulary has. */
const MOST_UNITS = 2 ** 20;
const ifCharacter = (item: unknown): string | undefined =>
  typeof item === 'string' && item.length <= 2 && [...item].length === 1 ? item : undefined;

export const TRAINER_FIELDS = {
  ...MODEL_FIELDS,
  batchSize: aNumber,
  seqLen: aNumber,
  optimizer: anOptimizer,
  schedule: aSchedule,
  clipNorm: aNumber,
  clipValue: aNumber,
  split: numbers(3),
  shard: aShard,
};

export const PLAN_FIELDS = { ...TRAINER_FIELDS, vocabSize: aNumber };
