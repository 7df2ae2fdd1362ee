import './dispose.js';

import { UnrollError } from './errors.js';

/** What embind gives for an object in wasm memory. */
interface Handle {
  delete(): void;
}

/**
 * Owns an object in wasm memory, which no garbage collector frees. `delete()` frees it, twice is harmless, and any use
 * afterwards throws `UnrollError` with code `DELETED`. `using` calls it at the end of a block.
 */
export class Owner<H extends Handle> implements Disposable {
  #handle: H | null;

  /** @internal */
  protected constructor(handle: H) {
    this.#handle = handle;
  }

  /** @internal */
  protected get handle(): H {
    if (this.#handle === null) {
      const name = this.constructor.name;
      throw new UnrollError('DELETED', `${name}: this object was deleted; create another or delete it later`);
    }
    return this.#handle;
  }

  /** Frees the memory in the engine. */
  delete(): void {
    this.#handle?.delete();
    this.#handle = null;
  }

  [Symbol.dispose](): void {
    this.delete();
  }
}
