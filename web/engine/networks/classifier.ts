import type { Boundary } from '../module/boundary.js';
import type { RawSequenceModel } from '../module/raw-module.js';
import { aFlag, readFields, refuse } from '../arguments/fields.js';
import type { CrossEntropyOptions } from './loss-options.js';
import { CROSS_ENTROPY_FIELDS, ignored, readClasses } from './loss-options.js';
import { items, lengthOf } from '../arguments/own.js';
import { argmax, samplingDistribution } from './rows.js';
import type { ClassifierConfig } from './sequence-config.js';
import { CLASSIFIER_FIELDS } from './sequence-config.js';
import type { SequenceFrame, SequenceLoss, SequenceOutputs } from './sequence-model.js';
import { SequenceModel } from './sequence-model.js';
import { stateDictOf } from './state-dict.js';
import type { Tensor } from './tensor.js';

/** One sequence of tokens, or one of labels. */
export type Tokens = readonly number[] | Int32Array;

/** How sure a classifier is. */
export interface Prediction {
  /** The likeliest class of each sequence, or with readout `'steps'` of each step, (T, B), 0 in the padding. */
  readonly classes: Int32Array;
  /** softmax(outputs), (B, C) or (T, B, C). */
  readonly probabilities: Tensor;
}

/** What a batch may have: B and T. */
const MOST_SEQUENCES = 1024;
const MOST_STEPS = 4096;

/** Sequences as the engine reads them: time-major, padded with token 0. */
interface Padded extends SequenceFrame {
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
}

/**
 * A classifier of sequences of tokens, of any lengths in one batch:
 *
 *   x[t] = embedding(ids[t]) or onehot(ids[t])    features = [h_forward after the end, h_reverse at the start]
 *   outputs = head(features)                      p = softmax(outputs)
 *
 * With readout `'steps'` it labels every token. Made by `Engine.createClassifier()`.
 */
export class Classifier extends SequenceModel {
  readonly config: ClassifierConfig;

  /** @internal */
  constructor(boundary: Boundary, config: ClassifierConfig, handle?: RawSequenceModel) {
    const own = readFields('ClassifierConfig', config, CLASSIFIER_FIELDS);
    const { vocabSize, hiddenSize, classes, ...rest } = own;
    if (vocabSize === undefined) refuse('ClassifierConfig: vocabSize', vocabSize, 'a number');
    if (hiddenSize === undefined) refuse('ClassifierConfig: hiddenSize', hiddenSize, 'a number');
    if (classes === undefined) refuse('ClassifierConfig: classes', classes, 'a number');
    const full = { ...rest, vocabSize, hiddenSize };
    super('Classifier', boundary, full, full, classes, handle);
    this.config = { ...full, classes };
  }

  /**
   * @param sequences B sequences of tokens, each of at least one
   * @param options `training`: whether dropout is on
   * @throws UnrollError `INVALID_ARGUMENT`, `TOO_BIG`
   */
  forward(sequences: readonly Tokens[], options: { readonly training?: boolean } = {}): SequenceOutputs {
    const { training = false } = readFields('Classifier.forward', options, { training: aFlag });
    const batch = this.#pad('Classifier.forward: sequences', sequences);
    return this.outputsOf(
      this.call((model) => model.forward(batch, training)),
      batch,
    );
  }

  /** Which classes these are, without dropout. Throws as `forward()`. */
  predict(sequences: readonly Tokens[]): Prediction {
    const { outputs } = this.forward(sequences);
    return { classes: argmax(this.boundary, outputs), probabilities: samplingDistribution(this.boundary, outputs, {}) };
  }

  /**
   * Cross-entropy, averaged over the answers that count; the weights stay. `applyGradients()` uses the gradients.
   *
   * @param labels one class for each sequence; with readout `'steps'` one list of classes for each, as long as it is
   * @param options as `Engine.crossEntropy()`, and `training`: whether dropout is on. With readout `'steps'` there is a
   *     weight for each of the (T, B) places
   * @throws UnrollError `INVALID_ARGUMENT`, `SHAPE_MISMATCH`, `TOO_BIG`
   */
  lossAndGradients(
    sequences: readonly Tokens[],
    labels: Tokens | readonly Tokens[],
    options: CrossEntropyOptions & { readonly training?: boolean } = {},
  ): SequenceLoss {
    const who = 'Classifier.lossAndGradients';
    const { training = true, ...own } = readFields(who, options, { ...CROSS_ENTROPY_FIELDS, training: aFlag });
    const batch = this.#pad(`${who}: sequences`, sequences);
    const targets = this.#targets(`${who}: labels`, labels, batch, ignored(own));
    const raw = this.call((model) => model.crossEntropy(batch, targets, own, training));
    const { loss, perRow, gradients } = raw;
    return { ...this.outputsOf(raw, batch), loss, perRow, gradients: stateDictOf(gradients) };
  }

  #pad(where: string, sequences: unknown): Padded {
    const given = items(sequences, MOST_SEQUENCES) ?? [];
    if (given.length === 0) refuse(where, sequences, `an array of 1 to ${MOST_SEQUENCES} sequences`);
    const own = given.map((sequence, b) => {
      const length = lengthOf(sequence) ?? 0;
      if (!(length >= 1 && length <= MOST_STEPS))
        refuse(`${where}[${b}]`, sequence, `an array of 1 to ${MOST_STEPS} tokens`);
      return readClasses(`${where}[${b}]`, sequence, length, this.config.vocabSize);
    });
    const lengths = Int32Array.from(own, (tokens) => tokens.length);
    const seqLen = Math.max(...lengths);
    return { seqLen, batchSize: own.length, ids: padded(own, seqLen), lengths };
  }

  #targets(where: string, labels: Tokens | readonly Tokens[], batch: Padded, none: number): Int32Array {
    const { classes, readout } = this.config;
    const { batchSize, lengths } = batch;
    if (readout !== 'steps') return readClasses(where, labels, batchSize, classes, none);
    const given = items(labels, batchSize);
    if (given?.length !== batchSize) {
      refuse(where, labels, `an array of ${batchSize}, one list of classes for each sequence`);
    }
    const own = given.map((row, b) => readClasses(`${where}[${b}]`, row, lengths[b]!, classes, none));
    return padded(own, batch.seqLen);
  }
}

/** Rows of numbers as columns, time-major, with 0 behind their ends. */
function padded(rows: readonly Int32Array[], seqLen: number): Int32Array {
  const all = new Int32Array(seqLen * rows.length);
  rows.forEach((row, b) => row.forEach((number, t) => (all[t * rows.length + b] = number)));
  return all;
}
