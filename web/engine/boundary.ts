import type { ErrorCode } from './errors.js';
import { UnrollError } from './errors.js';
import type { RawModule, Result } from './raw-module.js';

/**
 * The one gate between the classes and the module: results become values or errors here.
 *
 * The module never throws on purpose. If it does, it has trapped in the middle of something, and what it would say next
 * could be wrong; so from then on every call is refused.
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
    try {
      return action();
    } catch (error) {
      this.#stopped = error instanceof Error ? error : new Error(String(error));
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

function stoppedError(cause: Error): UnrollError {
  const what = `the engine broke down (${cause.message}); make a new one with createEngine()`;
  return new UnrollError('ENGINE_STOPPED', what, { cause });
}
