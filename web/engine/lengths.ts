import { refuse } from './fields.js';

/** The true lengths of the sequences of a batch. */
export function readLengths(
  who: string,
  lengths: unknown,
  { seqLen, batchSize }: { readonly seqLen: number; readonly batchSize: number },
): Int32Array {
  const isList = Array.isArray(lengths) || lengths instanceof Int32Array;
  if (!isList || lengths.length !== batchSize) {
    refuse(`${who}: lengths`, lengths, `an array with one length for each of the ${batchSize} sequences`);
  }
  for (const length of lengths as ArrayLike<unknown> & Iterable<unknown>) {
    if (!Number.isInteger(length) || (length as number) < 1 || (length as number) > seqLen) {
      refuse(`${who}: a length`, length, `a whole number from 1 to ${seqLen}`);
    }
  }
  return Int32Array.from(lengths as ArrayLike<number>);
}
