/** What the engine itself refuses. The same words as `unroll::to_string(ErrorCode)` in C++; a test walks both lists. */
export const ENGINE_CODES = [
  /** A call got a value outside of what its documentation allows. */
  'INVALID_ARGUMENT',
  /** A configuration has a field that is out of range or does not fit another. */
  'INVALID_CONFIG',
  /** The model, batch or text would need more memory than the caps allow. */
  'TOO_BIG',
  /** The text cannot fill one window, or a part of it would be empty. */
  'TEXT_TOO_SHORT',
  /** The bytes are not UTF-8 text. */
  'INVALID_UTF8',
  /** A character that the model does not know. */
  'NOT_IN_VOCABULARY',
  /** A model file is damaged or is not one. */
  'FILE_INVALID',
  /** A tensor has another shape than is needed at its place. */
  'SHAPE_MISMATCH',
  /** A parameter has no tensor, or a tensor no parameter. */
  'MISSING_TENSOR',
  /** A weight, a loss or a gradient is NaN or infinite. */
  'NOT_FINITE',
  /** The call is out of order, as `backward()` without a `forward()`. */
  'WRONG_STATE',
  /** There is not enough memory; the object is unchanged. */
  'OUT_OF_MEMORY',
  /** A mistake of ours. */
  'INTERNAL',
] as const;

/** What goes wrong on this side of the boundary. */
const FACADE_CODES = [
  /** The WebAssembly module could not be found, compiled or started. */
  'NO_WASM',
  /** The module broke down in an earlier call; its memory can no longer be trusted. */
  'ENGINE_STOPPED',
  /** The object was deleted. */
  'DELETED',
  /** A model file of a later version than this one reads. */
  'FILE_NEWER',
] as const;

/** Every code that an `UnrollError` can have. */
export const ERROR_CODES = [...ENGINE_CODES, ...FACADE_CODES] as const;

/** A word that never changes, for programs. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What an error of whatever origin says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Every refusal of the library. `code` is for programs; `message` is a sentence for people that can be shown as it is:
 * who is speaking, what they got, what they expected, and what to do.
 */
export class UnrollError extends Error {
  override readonly name = 'UnrollError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
