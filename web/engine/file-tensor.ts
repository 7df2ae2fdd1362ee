import { UnrollError } from './errors.js';
import type { RawFileTensor } from './raw-module.js';
import { show } from './show.js';
import type { Tensor } from './tensor.js';

/** A tensor of a safetensors file in the type it has there. */
export type FileTensor = RawFileTensor;

/** A safetensors file: text about it, and tensors in the order of its header. */
export interface TensorFile {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly FileTensor[];
}

/** As float32. Doubles are rounded; whole numbers are no weights. */
export function asWeights({ name, dtype, shape, data }: FileTensor): Tensor {
  if (data instanceof Float32Array) return { shape, data };
  if (data instanceof Float64Array) return { shape, data: Float32Array.from(data) };
  throw new UnrollError('FILE_INVALID', `model file: tensor ${show(name)} has dtype ${dtype}, expected F32 or F64`);
}
