import { UnrollError } from './errors.js';
import type { ErrorCode } from './errors.js';
import type { MainModule } from './wasm/unroll.js';

/** The module as embind declares it. */
export type RawModule = MainModule;

/** What every call of the module that can fail returns. */
export type RawResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** A tensor as it crosses the boundary. */
export interface RawTensor {
  readonly name: string;
  readonly shape: number[];
  readonly data: Float32Array;
}

/** The value of a result, or its error thrown. */
export function unwrap<Value>(result: RawResult<Value>): Value {
  if (result.ok) return result.value;
  throw new UnrollError(result.code, result.message);
}
