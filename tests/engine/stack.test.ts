import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Boundary } from '../../web/engine/module/boundary.js';
import type { RawModule } from '../../web/engine/module/raw-module.js';
import { SplitModule } from '../../web/engine/module/split-module.js';
import { fromModule } from '../../web/engine/module/wasm-source.js';
import factory from '../../web/engine/wasm/unroll.js';
import { refusal } from './engine.js';

/** The module as embind makes it, without anything before it. */
async function rawModule(): Promise<RawModule> {
  const compile = (name: string): Promise<WebAssembly.Module> =>
    WebAssembly.compile(readFileSync(new URL(`../../web/engine/wasm/${name}`, import.meta.url)));
  const [main, deferred] = await Promise.all([compile('unroll.wasm'), compile('unroll.deferred.wasm')]);
  return factory({
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const split = new SplitModule(imports, fromModule(deferred));
      void split.start(main).then(done);
      return {};
    },
  }) as Promise<RawModule>;
}

test('the stack of a real module is put back', async () => {
  const module = await rawModule();
  const end = module.stackSave!();
  const boundary = new Boundary(module);
  // Past all readers: embind converts a Symbol to no number.
  for (let i = 0; i < 100; i++)
    refusal(() => boundary.call(() => module.crossEntropy(null as never, Symbol() as never, 1, null as never, {})));
  // And in the middle of a call: the array says that it has fewer numbers than it has.
  const lying = Object.defineProperty(new Uint8Array(9), 'length', { value: 5 });
  for (let i = 0; i < 100; i++)
    expect(refusal(() => boundary.call(() => module.readSafetensors(lying))).code).toBe('INVALID_ARGUMENT');
  expect(module.stackSave!()).toBe(end);
});
