import '../dispose.js';
import type { Boundary } from './boundary.js';
import { UnrollError } from '../errors.js';
import type { RawHandle, Result } from './raw-module.js';

/**
 * Something that owns memory of the engine. It lives until `delete()`, or until the end of its block when it was
 * declared with `using`; deleting twice is harmless, and any use afterwards throws `DELETED`. What it has returned are
 * copies and stay valid.
 */
export abstract class Owner<Handle extends RawHandle> implements Disposable {
  readonly #who: string;
  readonly #boundary: Boundary;
  #handle: Handle | null;

  /** @internal */
  protected constructor(who: string, boundary: Boundary, handle: Handle) {
    this.#who = who;
    this.#boundary = boundary;
    this.#handle = handle;
  }

  /** Whether this is one in truth: no proxy, and nothing that has only its prototype. @internal */
  static is(value: unknown): boolean {
    return typeof value === 'object' && value !== null && #handle in value;
  }

  /** Whether `delete()` was called. */
  get deleted(): boolean {
    return this.#handle === null;
  }

  /** Frees the memory. */
  delete(): void {
    const handle = this.#handle;
    if (handle === null) return;
    this.#handle = null;
    // Of an engine that broke down nothing is left to free, and cleaning up must not hide why.
    if (!this.#boundary.stopped) this.#boundary.ask(() => handle.delete());
  }

  [Symbol.dispose](): void {
    this.delete();
  }

  /** What it is called in errors. @internal */
  protected get who(): string {
    return this.#who;
  }

  /** @internal */
  protected get boundary(): Boundary {
    return this.#boundary;
  }

  /** @internal */
  protected get handle(): Handle {
    if (this.#handle !== null) return this.#handle;
    throw new UnrollError('DELETED', `${this.#who}: this object was deleted and cannot be used any more`);
  }

  /** A call that can fail. @internal */
  protected call<Value>(action: (handle: Handle) => Result<Value>): Value {
    const { handle } = this;
    return this.#boundary.call(() => action(handle));
  }

  /** A call that cannot. @internal */
  protected ask<Value>(action: (handle: Handle) => Value): Value {
    const { handle } = this;
    return this.#boundary.ask(() => action(handle));
  }
}
