/**
 * What the other parts of Unroll, its tests and its benchmarks need of the engine beside what everybody may call, as
 * `unroll/internal`. It makes no promise: what is here may be gone in the next version.
 */
export { CELL_NAMES, CELLS } from './cells.js';
export { errorCodes, runYardstick } from './module/diagnostics.js';
export { decodeUtf8 } from './text/decode-utf8.js';
export { describeText, splitText } from './text/text-facts.js';
export { prepareText } from './text/text.js';
export { dataFromMessage, dataToMessage, modelFromMessage } from './training/training-data.js';
export type { DataMessage } from './training/training-data.js';
export { TaskData } from './training/task-data.js';
export { readClipping } from './training/clipping.js';
export { metadataPairs } from './files/file-tensor.js';
export {
  aFlag,
  aFunction,
  aNumber,
  aString,
  asGiven,
  numbers,
  oneOf,
  readFields,
  refuse,
  wholeFrom,
} from './arguments/fields.js';
export type { Fields, Read, Reader } from './arguments/fields.js';
export { copyOf, items, properties, property } from './arguments/own.js';
