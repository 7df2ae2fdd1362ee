import type { Boundary } from '../module/boundary.js';
import { readFields } from '../arguments/fields.js';
import type { CrossEntropyOptions, LossOptions } from './loss-options.js';
import { ignored, LOSS_FIELDS, readClasses, readCrossEntropy } from './loss-options.js';
import type { SamplingOptions } from './sampling-options.js';
import { SAMPLING_FIELDS } from './sampling-options.js';
import type { Tensor } from './tensor.js';
import { checkTensor, expectShape, readTensor } from './tensor.js';

/** A loss over rows of numbers, and its gradient by them. */
export interface RowsLoss {
  /** The mean over the rows that count. */
  readonly loss: number;
  /** The loss of each row, 0 where it does not count. */
  readonly perRow: Float64Array;
  /** The gradient of `loss`, in the shape of what it was computed from. */
  readonly gradient: Tensor;
}

/** A tensor as rows: all axes but the last are one. */
interface Rows {
  readonly tensor: Tensor;
  readonly count: number;
  readonly size: number;
}

function rowsOf(where: string, value: Tensor): Rows {
  const tensor = readTensor(where, value);
  const size = tensor.shape.at(-1);
  if (size === undefined) expectShape(where, tensor, ['n']);
  return { tensor, size: size!, count: tensor.data.length / size! };
}

export function crossEntropy(
  boundary: Boundary,
  logits: Tensor,
  targets: readonly number[] | Int32Array,
  options: CrossEntropyOptions,
): RowsLoss {
  const { tensor, count, size } = rowsOf('crossEntropy: logits', logits);
  const own = readCrossEntropy('crossEntropy', options);
  const wanted = readClasses('crossEntropy: targets', targets, count, size, ignored(own));
  const raw = boundary.call(() => boundary.module.crossEntropy(tensor.data, count, size, wanted, own));
  return { loss: raw.loss, perRow: raw.perRow, gradient: { shape: tensor.shape, data: raw.gradient } };
}

export function meanSquaredError(boundary: Boundary, outputs: Tensor, targets: Tensor, options: LossOptions): RowsLoss {
  const { tensor, count, size } = rowsOf('meanSquaredError: outputs', outputs);
  const own = readFields('meanSquaredError', options, LOSS_FIELDS);
  const wanted = checkTensor('meanSquaredError: targets', targets, tensor.shape).data;
  const raw = boundary.call(() => boundary.module.meanSquaredError(tensor.data, count, size, wanted, own));
  return { loss: raw.loss, perRow: raw.perRow, gradient: { shape: tensor.shape, data: raw.gradient } };
}

export function samplingDistribution(boundary: Boundary, logits: Tensor, options: SamplingOptions): Tensor {
  const { tensor, count, size } = rowsOf('samplingDistribution: logits', logits);
  const own = readFields('samplingDistribution', options, SAMPLING_FIELDS);
  const data = boundary.call(() => boundary.module.samplingDistribution(tensor.data, count, size, own));
  return { shape: tensor.shape, data };
}

export function argmax(boundary: Boundary, logits: Tensor): Int32Array {
  const { tensor, count, size } = rowsOf('argmax: logits', logits);
  return boundary.call(() => boundary.module.argmax(tensor.data, count, size));
}
