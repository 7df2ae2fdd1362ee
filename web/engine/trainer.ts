import { LanguageModel } from './language-model.js';
import { Owner } from './owner.js';
import { unwrap } from './raw.js';
import type { LanguageModelHandle, TrainerHandle } from './wasm/unroll.js';

/** Sizes of a model and of the three parts of its text. */
export interface TrainerInfo {
  readonly parameterCount: number;
  readonly vocabSize: number;
  readonly trainChars: number;
  readonly validationChars: number;
  readonly testChars: number;
  /** An epoch reads the training part once. */
  readonly stepsPerEpoch: number;
  /** Weights, gradients, moments and activations. */
  readonly memoryBytes: number;
}

/** What some steps of training did. */
export interface TrainedSlice {
  /** Steps done in all. */
  readonly step: number;
  /** Epochs finished. */
  readonly epoch: number;
  /** Mean loss of each step's window before its update, in nats per character. */
  readonly losses: Float64Array;
  /** L2 norm of each step's gradients before clipping. */
  readonly gradNorms: Float64Array;
}

export interface Evaluation {
  /** Whether the whole part was read. */
  readonly done: boolean;
  readonly positions: number;
  /** Mean of -ln p over the positions, in nats per character. */
  readonly lossNats: number;
  readonly bitsPerChar: number;
}

/** What simple guessing achieves on the validation part, in nats per character. */
export interface Baselines {
  /** ln V */
  readonly uniform: number;
  /** Character frequencies, counted on the training part. */
  readonly unigram: number;
  /** Frequencies after the character before. */
  readonly bigram: number;
}

export type Part = 'train' | 'validation' | 'test';

/**
 * Trains a language model on a text by truncated back-propagation through time, with the state carried from window to
 * window. What it computes depends on the configuration, the text and the number of steps alone, to the bit: not on how
 * it is sliced, nor on evaluations and samples in between.
 */
export class Trainer extends Owner<TrainerHandle> {
  readonly info: TrainerInfo;

  /** @internal */
  constructor(handle: TrainerHandle) {
    super(handle);
    this.info = handle.info() as TrainerInfo;
  }

  /** Trains `steps` steps. Throws `NOT_FINITE` when the loss is no longer a number; lower the learning rate then. */
  train(steps: number): TrainedSlice {
    return this.trainSlice(steps, Infinity);
  }

  /** At least one step, then more until `maxSteps` are done or `maxMs` milliseconds are over. */
  trainSlice(maxSteps: number, maxMs: number): TrainedSlice {
    return unwrap<TrainedSlice>(this.handle.trainSlice(maxSteps, maxMs));
  }

  /** The loss over a whole part of the text, read as one stream from a zero state. */
  evaluate(part: Part): Evaluation {
    this.beginEvaluation(part);
    return this.continueEvaluation(Infinity);
  }

  /** Starts an evaluation that `continueEvaluation()` carries on in slices. Train only after it is done. */
  beginEvaluation(part: Part): void {
    unwrap(this.handle.beginEvaluation(part));
  }

  continueEvaluation(maxMs: number): Evaluation {
    return unwrap<Evaluation>(this.handle.continueEvaluation(maxMs));
  }

  baselines(): Baselines {
    return unwrap<Baselines>(this.handle.baselines());
  }

  /** The model as it is now; it shares its weights with the trainer. Delete it after use. */
  model(): LanguageModel {
    return new LanguageModel(this.handle.model() as LanguageModelHandle);
  }

  /** Back to the same initial weights and step 0. */
  rewind(): void {
    unwrap(this.handle.rewind());
  }

  setLearningRate(learningRate: number): void {
    unwrap(this.handle.setLearningRate(learningRate));
  }
}
