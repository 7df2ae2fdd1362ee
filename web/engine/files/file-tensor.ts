import { UnrollError } from '../errors.js';
import { refuse } from '../arguments/fields.js';
import { pairs } from '../arguments/own.js';
import { show } from '../arguments/show.js';
import type { Tensor } from '../networks/tensor.js';

/** A tensor of a safetensors file in the type it has there. */
export interface FileTensor {
  readonly name: string;
  readonly dtype: 'F32' | 'F64' | 'I64' | 'I32' | 'U8';
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;
}

/** A safetensors file: text about it, and tensors in the order of its header. */
export interface TensorFile {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly FileTensor[];
}

/** Text about a file: a map, or a list of its entries. */
export type Metadata = ReadonlyMap<string, string> | readonly (readonly [string, string])[];

/** Checked for types, with lone surrogates, which a file cannot hold, made visible. */
export function metadataPairs(metadata: Metadata, where = 'writeSafetensors: metadata'): [string, string][] {
  const entries = pairs(metadata) ?? refuse(where, metadata, 'a Map');
  return entries.map(([key, value]) => {
    if (typeof key === 'string' && typeof value === 'string') return [key.toWellFormed(), value.toWellFormed()];
    throw new UnrollError('INVALID_ARGUMENT', `${where} is ${show(key)}: ${show(value)}, expected strings`);
  });
}

/** As float32. Doubles are rounded; whole numbers are no weights. */
export function asWeights({ name, dtype, shape, data }: FileTensor): Tensor {
  if (data instanceof Float32Array) return { shape, data };
  if (data instanceof Float64Array) return { shape, data: Float32Array.from(data) };
  throw new UnrollError('FILE_INVALID', `model file: tensor ${show(name)} has dtype ${dtype}, expected F32 or F64`);
}
