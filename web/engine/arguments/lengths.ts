import { refuse, wholeNumbers } from './fields.js';
import { lengthOf } from './own.js';

/** The true lengths of the sequences of a batch. */
export function readLengths(
  who: string,
  lengths: unknown,
  { seqLen, batchSize }: { readonly seqLen: number; readonly batchSize: number },
): Int32Array {
  const refuseList = (): never =>
    refuse(`${who}: lengths`, lengths, `an array with one length for each of the ${batchSize} sequences`);
  if (lengthOf(lengths) !== batchSize) refuseList();
  return wholeNumbers(
    lengths,
    (length) => length >= 1 && length <= seqLen,
    refuseList,
    (length) => refuse(`${who}: a length`, length, `a whole number from 1 to ${seqLen}`),
  );
}
