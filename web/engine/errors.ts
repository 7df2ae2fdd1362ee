/**
 * What can go wrong, as words that never change. All but the last two come from the engine
 * (`cpp/unroll/core/error.h`); a test asks that both lists agree.
 */
export const ERROR_CODES = [
  'INVALID_ARGUMENT',
  'INVALID_CONFIG',
  'TOO_BIG',
  'TEXT_TOO_SHORT',
  'INVALID_UTF8',
  'NOT_IN_VOCABULARY',
  'FILE_INVALID',
  'SHAPE_MISMATCH',
  'MISSING_TENSOR',
  'NOT_FINITE',
  'WRONG_STATE',
  'OUT_OF_MEMORY',
  'INTERNAL',
  'DELETED',
  'NO_WASM',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Every error of this package. The message says who speaks, what they got, what they expected and what to do. */
export class UnrollError extends Error {
  override readonly name = 'UnrollError';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}
