import { readFileSync } from 'node:fs';
import type { RawModule } from '../../web/engine/module/raw-module.js';
import { SplitModule } from '../../web/engine/module/split-module.js';
import { fromModule } from '../../web/engine/module/wasm-source.js';
import factory from '../../web/engine/wasm/unroll.js';

/** The module as embind makes it, without anything before it. */
export async function rawModule(): Promise<RawModule> {
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
