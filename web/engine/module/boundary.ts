import type { ErrorCode } from '../errors.js';
import { messageOf, UnrollError } from '../errors.js';
import type { RawModule, Result } from './raw-module.js';

/**
 * The one gate between the classes and the module: results become values or errors here.
 *
 * The module never throws on purpose. If it does, it has trapped in the middle of something, and what it would say next
 * could be wrong; so from then on every call is refused.
 *
 * What JavaScript throws over an argument that it cannot convert, or a result that it has no memory for, is no such
 * breakdown: the engine is at no work then, and what was made on the way is cleaned up, except that the stack does not
 * shrink by itself.
 */
export class Boundary {
  #stopped: Error | null = null;

  constructor(readonly module: RawModule) {}

  get stopped(): boolean {
    return this.#stopped !== null;
  }

  /** A call that cannot fail. */
  ask<Value>(action: () => Value): Value {
    if (this.#stopped !== null) throw stoppedError(this.#stopped);
    const stack = this.module.stackSave?.();
    try {
      return action();
    } catch (error) {
      if (isOfConversion(error)) {
        this.module.stackRestore?.(stack!);
        throw new UnrollError(
          'INVALID_ARGUMENT',
          `the engine cannot read an argument or write a result (${error.message})`,
          {
            cause: error,
          },
        );
      }
      this.#stopped = error instanceof Error ? error : new Error(messageOf(error));
      throw stoppedError(this.#stopped);
    }
  }

  /** A call that returns a result. */
  call<Value>(action: () => Result<Value>): Value {
    const result = this.ask(action);
    if (result.ok) return result.value;
    // Every code of the engine is a code of ours: a test walks the list.
    throw new UnrollError(result.code as ErrorCode, result.message);
  }
}

/** A trap is a `RuntimeError`, an exception of C++ a `WebAssembly.Exception`, a full stack a `RangeError` or its like. */
function isOfConversion(error: unknown): error is Error {
  if (error instanceof RangeError) return !error.message.includes('stack');
  return error instanceof TypeError || (error instanceof Error && error.name === 'BindingError');
}

function stoppedError(cause: Error): UnrollError {
  const what = `the engine broke down (${cause.message}); make a new one with createEngine()`;
  return new UnrollError('ENGINE_STOPPED', what, { cause });
}
