import '../dispose.js';
import { refuse } from '../arguments/fields.js';
import { UnrollError } from '../errors.js';

/**
 * Frees many things at once, the newest first: what was made of another goes before it. Made by `Engine.scope()`.
 */
export class Scope implements Disposable {
  #things: Disposable[] | null = [];

  /** Frees this thing, anything with a `[Symbol.dispose]`, when the scope ends. Returns it. */
  use<Thing extends Disposable>(thing: Thing): Thing {
    if (typeof (thing as Partial<Disposable> | null)?.[Symbol.dispose] !== 'function')
      refuse('Scope.use', thing, 'something with a delete() and [Symbol.dispose]');
    if (this.#things === null) {
      thing[Symbol.dispose]();
      throw new UnrollError('DELETED', 'Scope: it has ended and frees nothing any more; use() things before');
    }
    this.#things.push(thing);
    return thing;
  }

  /** Whether it has ended. */
  get deleted(): boolean {
    return this.#things === null;
  }

  /** Ends it and frees everything, also when freeing one of them fails; the first such error is thrown then. */
  delete(): void {
    const things = this.#things ?? [];
    this.#things = null;
    const errors: unknown[] = [];
    for (const thing of things.reverse()) {
      try {
        thing[Symbol.dispose]();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  [Symbol.dispose](): void {
    this.delete();
  }
}

/** Gives an action a scope that ends with it, or once the promise that it returns has settled. */
export function inScope<Value>(action: (scope: Scope) => Value): Value {
  const scope = new Scope();
  let isOver = true;
  try {
    const value = action(scope);
    if (!(value instanceof Promise)) return value;
    isOver = false;
    return value.finally(() => scope.delete()) as Value;
  } finally {
    if (isOver) scope.delete();
  }
}
