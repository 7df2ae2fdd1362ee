import { Engine } from './engine.js';
import { UnrollError } from './errors.js';
import createModule from './wasm/unroll.js';

/** Where the module's bytes come from, when not from beside this file. */
export interface EngineOptions {
  readonly wasmUrl?: string | URL;
  readonly wasmBinary?: ArrayBuffer | Uint8Array;
  /** A module that was compiled before, for instance to share it among workers. */
  readonly wasmModule?: WebAssembly.Module;
}

/**
 * Loads the engine: in a page, a worker or Node, without any setting.
 *
 *     import { createEngine } from 'unroll';
 *     const engine = await createEngine();
 *
 * Throws `UnrollError` with code `NO_WASM` where WebAssembly with SIMD is missing or forbidden, or the file is.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  try {
    return new Engine(await createModule(await moduleOptions(options)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnrollError(
      'NO_WASM',
      `createEngine: the engine could not be loaded (${reason}); it needs WebAssembly with SIMD, which all browsers have since 2023 and Node since 16`,
    );
  }
}

async function moduleOptions({ wasmBinary, wasmModule, wasmUrl }: EngineOptions): Promise<object> {
  if (wasmModule !== undefined) {
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) => {
      void WebAssembly.instantiate(wasmModule, imports).then((instance) => done(instance, wasmModule));
      return {};
    };
    return { instantiateWasm };
  }
  if (wasmBinary !== undefined) return { wasmBinary };
  // One literal expression, so that bundlers find the file.
  const url =
    wasmUrl === undefined ? new URL('./wasm/unroll.wasm', import.meta.url) : new URL(wasmUrl, import.meta.url);
  if (url.protocol === 'file:') {
    const fs = 'node:fs/promises';
    const { readFile } = (await import(/* @vite-ignore */ fs)) as typeof import('node:fs/promises');
    return { wasmBinary: await readFile(url) };
  }
  return { locateFile: () => url.href };
}
