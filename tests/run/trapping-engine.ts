import { readFileSync } from 'node:fs';
import { createEngine } from '../../web/engine/index.js';
import type { Engine } from '../../web/engine/index.js';

/** An engine that can be made to trap. */
export interface TrappingEngine {
  readonly engine: Engine;
  /** Traps at the n-th time from now that the module calls one of its imports, as it does for the clock and for each result. */
  trapAfter(calls: number): void;
}

const compile = (name: string): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(new URL(`../../web/engine/wasm/${name}`, import.meta.url)));
const [main, deferred] = [compile('unroll.wasm'), compile('unroll.deferred.wasm')];

type Imports = WebAssembly.ModuleImports;
type Call = (...args: unknown[]) => unknown;

/** How the imports of the next engine are wrapped. Other engines, which may be made meanwhile, have another module. */
let wrap: (imports: Imports) => Imports;

const { instantiate } = WebAssembly;
WebAssembly.instantiate = ((module: WebAssembly.Module, imports: WebAssembly.Imports) =>
  // Of the imports the glue gives those called `a`; beside them are those that belong to the deferred part.
  instantiate(module, module === main ? { ...imports, a: wrap(imports['a']!) } : imports)) as typeof instantiate;

/** A real engine that traps as a fault of the module would make it. */
export async function createTrappingEngine(): Promise<TrappingEngine> {
  let left = Infinity;
  const watched = (call: Call): Call => {
    return (...args) => {
      if (--left === 0) throw new WebAssembly.RuntimeError('memory access out of bounds');
      return call(...args);
    };
  };
  wrap = (imports) =>
    Object.fromEntries(Object.entries(imports).map(([name, call]) => [name, watched(call as Call)])) as Imports;
  const engine = await createEngine({ wasmModule: { main, deferred } });
  return {
    engine,
    trapAfter(calls) {
      left = calls;
    },
  };
}
