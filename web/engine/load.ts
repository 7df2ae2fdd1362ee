import './dispose.js';
import { Engine } from './engine.js';
import { UnrollError } from './errors.js';
import { refuse } from './fields.js';
import type { RawModule } from './raw-module.js';
import { SplitModule } from './split-module.js';
import type { WasmSource } from './wasm-source.js';
import { fromAddress, fromBytes, fromModule, unavailable } from './wasm-source.js';
import factory from './wasm/unroll.js';

/** Something of each part of the module. */
export interface Parts<Thing> {
  /** Of `unroll.wasm`, with what a page needs to train, to evaluate and to write. */
  readonly main: Thing;
  /** Of `unroll.deferred.wasm`, with everything else. */
  readonly deferred: Thing;
}

/** Where the WebAssembly module comes from; at most one of the first three. By default the files beside this library. */
export interface EngineOptions {
  /** The addresses of its parts, where a server keeps them elsewhere. */
  readonly wasmUrl?: Parts<string | URL> | undefined;
  /** Their bytes. */
  readonly wasmBinary?: Parts<Uint8Array | ArrayBuffer> | undefined;
  /** The compiled parts, for instance received from another worker. */
  readonly wasmModule?: Parts<WebAssembly.Module> | undefined;
  /**
   * When the deferred part is loaded: `now`, before there is an engine, or `later`, with `Engine.complete()` or, if a
   * call needs it before, in that call, which then waits for the file. `later` is for workers and Node: a page may not
   * wait, and loads both at once. Default `now`.
   */
  readonly deferred?: 'now' | 'later' | undefined;
}

/**
 * Loads the engine, in a page, in a worker or in Node.
 *
 * @throws UnrollError `NO_WASM` when a file cannot be had or this browser cannot run it
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  if (typeof options !== 'object' || options === null) refuse('createEngine: the options', options, 'an object');
  if (typeof WebAssembly !== 'object') unavailable('this browser has no WebAssembly; please use a newer one');
  const { deferred = 'now' } = options;
  if (deferred !== 'now' && deferred !== 'later') refuse('createEngine: deferred', deferred, '"now" or "later"');
  return start(sourcesOf(options), deferred === 'later' && mayWait());
}

function sourcesOf({ wasmModule, wasmBinary, wasmUrl }: EngineOptions): Parts<WasmSource> {
  if (wasmModule !== undefined) return eachOf('wasmModule', wasmModule, fromModule);
  if (wasmBinary !== undefined) return eachOf('wasmBinary', wasmBinary, fromBytes);
  if (wasmUrl !== undefined) return eachOf('wasmUrl', wasmUrl, fromAddress);
  // Each one literal expression: that is how bundlers find the files.
  return {
    main: fromAddress(new URL('./wasm/unroll.wasm', import.meta.url)),
    deferred: fromAddress(new URL('./wasm/unroll.deferred.wasm', import.meta.url)),
  };
}

function eachOf<Thing>(name: string, parts: Parts<Thing>, make: (thing: Thing) => WasmSource): Parts<WasmSource> {
  const { main, deferred } = (typeof parts === 'object' && parts !== null ? parts : {}) as Partial<Parts<Thing>>;
  if (main === undefined || deferred === undefined) refuse(`createEngine: ${name}`, parts, '{ main, deferred }');
  return { main: make(main), deferred: make(deferred) };
}

/** Whether this is no page's own thread. */
const mayWait = (): boolean => !('document' in globalThis);

async function start(sources: Parts<WasmSource>, isLater: boolean): Promise<Engine> {
  // Both at once. What is wrong with either is said where it is waited for.
  const loading = isLater ? undefined : sources.deferred.load();
  loading?.catch(() => undefined);
  const main = await sources.main.load();
  const deferred = loading === undefined ? sources.deferred : fromModule(await loading);
  return new Promise<Engine>((resolve, reject) => {
    let module: SplitModule;
    // The module's own loader would fetch and compile; here it only gets the instance.
    const instantiateWasm = (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object => {
      module = new SplitModule(imports, deferred);
      const instantiate = async (): Promise<void> => {
        const instance = await module.start(main);
        // Before anything in it runs, so that no placeholder is ever met.
        if (!isLater) await module.complete();
        done(instance);
      };
      instantiate().catch(fail);
      return {};
    };
    const fail = (error: unknown): void => {
      const message = `createEngine: the module does not start (${(error as Error).message}); it is not the engine of this version`;
      reject(new UnrollError('NO_WASM', message, { cause: error }));
    };
    factory({ instantiateWasm }).then((raw: RawModule) => resolve(new Engine(raw, () => module.complete())), fail);
  });
}
