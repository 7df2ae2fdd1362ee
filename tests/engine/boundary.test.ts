import { describe, expect, test } from 'vitest';
import { Boundary } from '../../web/engine/module/boundary.js';
import { Owner } from '../../web/engine/module/owner.js';
import type { RawHandle, RawModule } from '../../web/engine/module/raw-module.js';
import { refusal, refused } from './engine.js';

const boundaryOfNothing = (): Boundary => new Boundary({} as RawModule);

const trap = (): never => {
  throw new WebAssembly.RuntimeError('memory access out of bounds');
};

class Thing extends Owner<RawHandle> {
  constructor(boundary: Boundary, handle: RawHandle) {
    super('Thing', boundary, handle);
  }
}

describe('the gate to the module', () => {
  test('hands over values and throws refusals', () => {
    const boundary = boundaryOfNothing();
    expect(boundary.call(() => ({ ok: true, value: 7 }))).toBe(7);
    const result = { ok: false, code: 'TOO_BIG', message: 'too much' } as const;
    expect(refused(() => boundary.call(() => result))).toBe('TOO_BIG: too much');
    expect(boundary.call(() => ({ ok: true, value: 8 }))).toBe(8);
  });

  test('refuses every call after a trap', () => {
    const boundary = boundaryOfNothing();
    const first = refusal(() => boundary.ask(trap));
    expect(first.code).toBe('ENGINE_STOPPED');
    expect(first.message).toContain('memory access out of bounds');
    expect(first.cause).toBeInstanceOf(WebAssembly.RuntimeError);
    let called = false;
    const later = refusal(() => boundary.call(() => ({ ok: (called = true), value: 1 })));
    expect(later.code).toBe('ENGINE_STOPPED');
    expect(called).toBe(false);
  });

  /** As the glue of Emscripten names its own. */
  class BindingError extends Error {
    override readonly name = 'BindingError';
  }

  test.each([
    ['a TypeError', new TypeError('Cannot convert a Symbol value to a number')],
    ['a RangeError', new RangeError('offset is out of bounds')],
    ['a BindingError', new BindingError('Cannot pass non-string to std::string')],
  ])('goes on after an argument that embind cannot convert: %s', (_, error) => {
    const restored: unknown[] = [];
    const stack = { stackSave: () => 64, stackRestore: (end: number) => void restored.push(end) };
    const boundary = new Boundary(stack as unknown as RawModule);
    const thrown = refusal(() =>
      boundary.ask(() => {
        throw error;
      }),
    );
    expect(thrown.code).toBe('INVALID_ARGUMENT');
    expect(thrown.message).toContain(error.message);
    expect(restored).toEqual([64]);
    expect(boundary.stopped).toBe(false);
    expect(boundary.ask(() => 7)).toBe(7);
  });

  test.each([
    ['a trap', new WebAssembly.RuntimeError('unreachable')],
    ['a full stack', new RangeError('Maximum call stack size exceeded')],
    ['an exception of C++', Reflect.construct(WebAssembly.Exception, [new WebAssembly.Tag({ parameters: [] }), []])],
    ['a string', 'both async and sync fetching of the wasm failed'],
  ])('stops after %s', (_, thrown) => {
    const boundary = boundaryOfNothing();
    const error = refusal(() =>
      boundary.ask(() => {
        throw thrown;
      }),
    );
    expect(error.code).toBe('ENGINE_STOPPED');
    expect(boundary.stopped).toBe(true);
  });

  test('lets objects be deleted after a trap, without touching the module', () => {
    const boundary = boundaryOfNothing();
    let freed = 0;
    const thing = new Thing(boundary, { delete: () => void ++freed });
    refusal(() => boundary.ask(trap));
    thing.delete();
    expect(thing.deleted).toBe(true);
    expect(freed).toBe(0);
  });

  test('frees an object once', () => {
    let freed = 0;
    const thing = new Thing(boundaryOfNothing(), { delete: () => void ++freed });
    thing.delete();
    thing.delete();
    thing[Symbol.dispose]();
    expect(freed).toBe(1);
  });
});
