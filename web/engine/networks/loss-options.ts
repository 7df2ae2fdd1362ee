import { aNumber, float32s, numbers, readFields, refuse, wholeNumbers } from '../arguments/fields.js';
import { UnrollError } from '../errors.js';
import { isOf, lengthOf } from '../arguments/own.js';

/** Which rows of a loss count, and how. */
export interface LossOptions {
  /**
   * What each row counts, from 0 on: the mean is sum(w * loss) / sum(w). A row that counts 0 changes neither the loss nor
   * a gradient by a bit. Default 1 everywhere.
   */
  readonly weights?: readonly number[] | Float32Array | undefined;
}

/** The arguments of `torch.nn.functional.cross_entropy`. */
export interface CrossEntropyOptions extends LossOptions {
  /** Rows with this target do not count. Default -100. */
  readonly ignoreIndex?: number | undefined;
  /** s, 0 to 1: the target's share of the row is 1 - s, and s is spread over all classes. Default 0. */
  readonly labelSmoothing?: number | undefined;
}

const aList = numbers();
const someWeights = (where: string, value: unknown): Float32Array =>
  isOf(Float32Array, value) ? float32s(where, value) : Float32Array.from(aList(where, value));

export const LOSS_FIELDS = { weights: someWeights };
export const CROSS_ENTROPY_FIELDS = { ...LOSS_FIELDS, ignoreIndex: aNumber, labelSmoothing: aNumber };

export const readCrossEntropy = (who: string, options: unknown): { ignoreIndex?: number } =>
  readFields(who, options, CROSS_ENTROPY_FIELDS);

/** The target that stands for none, as the engine will see it. */
export const ignored = ({ ignoreIndex = -100 }: { readonly ignoreIndex?: number | undefined }): number => ignoreIndex;

/** `size` classes from 0 to `classes` - 1, or `ignoreIndex`. */
export function readClasses(
  where: string,
  value: unknown,
  size: number,
  classes: number,
  ignoreIndex?: number,
): Int32Array {
  const refuseList = (): never => refuse(where, value, 'an array of whole numbers');
  const length = lengthOf(value) ?? refuseList();
  if (length !== size) {
    throw new UnrollError('SHAPE_MISMATCH', `${where} has ${length} numbers, expected ${size}`);
  }
  return wholeNumbers(
    value,
    (entry) => (entry >= 0 && entry < classes) || entry === ignoreIndex,
    refuseList,
    (entry) => refuse(`${where}: a number`, entry, `a whole number from 0 to ${classes - 1}`),
  );
}
