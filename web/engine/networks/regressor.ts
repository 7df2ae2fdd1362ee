import type { Boundary } from '../module/boundary.js';
import { aFlag, asGiven, readFields, refuse } from '../arguments/fields.js';
import type { LossOptions } from './loss-options.js';
import { LOSS_FIELDS } from './loss-options.js';
import { readLengths } from '../arguments/lengths.js';
import type { RegressorConfig } from './sequence-config.js';
import { REGRESSOR_FIELDS } from './sequence-config.js';
import type { SequenceFrame, SequenceLoss, SequenceOutputs } from './sequence-model.js';
import { SequenceModel } from './sequence-model.js';
import { stateDictOf } from './state-dict.js';
import type { Tensor } from './tensor.js';
import { checkTensor } from './tensor.js';

/** How a regressor reads a batch. */
export interface RegressorOptions {
  /** True lengths of the B sequences, 1 to T in any order. Default T everywhere. */
  readonly lengths?: readonly number[] | Int32Array | undefined;
  /** Whether dropout is on. Default false, for `lossAndGradients()` true. */
  readonly training?: boolean | undefined;
}

interface Batch extends SequenceFrame {
  readonly x: Float32Array;
  readonly lengths: Int32Array | undefined;
}

/**
 * A network that predicts numbers from sequences of vectors: from the whole sequence, or at each step.
 *
 *   outputs = head([h_forward after the end, h_reverse at the start])     loss = mean of (outputs - targets)^2
 *
 * Made by `Engine.createRegressor()`.
 */
export class Regressor extends SequenceModel {
  readonly config: RegressorConfig;

  /** @internal */
  constructor(boundary: Boundary, config: RegressorConfig) {
    const own = readFields('RegressorConfig', config, REGRESSOR_FIELDS);
    const { inputSize, hiddenSize, outputSize = 1, ...rest } = own;
    if (inputSize === undefined) refuse('RegressorConfig: inputSize', inputSize, 'a number');
    if (hiddenSize === undefined) refuse('RegressorConfig: hiddenSize', hiddenSize, 'a number');
    const full = { ...rest, inputSize, hiddenSize };
    super('Regressor', boundary, full, full, outputSize);
    this.config = { ...full, outputSize };
  }

  /**
   * @param x (T, B, I), with anything behind the end of the shorter sequences
   * @throws UnrollError `SHAPE_MISMATCH`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  forward(x: Tensor, options: RegressorOptions = {}): SequenceOutputs {
    const who = 'Regressor.forward';
    const { training = false, lengths } = readFields(who, options, FORWARD_FIELDS);
    const batch = this.#batch(who, x, lengths);
    return this.outputsOf(
      this.call((model) => model.forward(batch, training)),
      batch,
    );
  }

  /**
   * Mean squared error, averaged over the answers that count; the weights stay. `applyGradients()` uses the gradients.
   *
   * @param targets (B, O), or with readout `'steps'` (T, B, O)
   * @param options `weights`: one for each answer
   * @throws UnrollError `SHAPE_MISMATCH`, `INVALID_ARGUMENT`, `TOO_BIG`
   */
  lossAndGradients(x: Tensor, targets: Tensor, options: RegressorOptions & LossOptions = {}): SequenceLoss {
    const who = 'Regressor.lossAndGradients';
    const { training = true, lengths, ...own } = readFields(who, options, { ...FORWARD_FIELDS, ...LOSS_FIELDS });
    const batch = this.#batch(who, x, lengths);
    const wanted = checkTensor(`${who}: targets`, targets, this.answerShape(batch, this.config.outputSize!)).data;
    const raw = this.call((model) => model.squaredError(batch, wanted, own, training));
    const { loss, perRow, gradients } = raw;
    return { ...this.outputsOf(raw, batch), loss, perRow, gradients: stateDictOf(gradients) };
  }

  #batch(who: string, x: Tensor, lengths: unknown): Batch {
    const { shape, data } = checkTensor(`${who}: x`, x, ['T', 'B', this.config.inputSize]);
    const [seqLen, batchSize] = shape as [number, number];
    const own = lengths === undefined ? undefined : readLengths(who, lengths, { seqLen, batchSize });
    return { x: data, seqLen, batchSize, lengths: own };
  }
}

// Lengths are looked at once the sizes are known.
const FORWARD_FIELDS = { training: aFlag, lengths: asGiven };
