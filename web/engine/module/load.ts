import '../dispose.js';
import { Engine } from '../engine.js';
import { messageOf, UnrollError } from '../errors.js';
import type { Read } from '../arguments/fields.js';
import { anObject, asGiven, oneOf, readFields, refuse } from '../arguments/fields.js';
import { property } from '../arguments/own.js';
import type { RawModule } from './raw-module.js';
import { SplitModule } from './split-module.js';
import type { WasmSource } from './wasm-source.js';
import { fromAddress, fromBytes, fromModule, unavailable } from './wasm-source.js';
import factory from '../wasm/unroll.js';

/** Something of each part of the strict module. */
export interface Parts<Thing> {
  /** Of `unroll.wasm`, with what a page needs to train, to evaluate and to write. */
  readonly main: Thing;
  /** Of `unroll.deferred.wasm`, with everything else. */
  readonly deferred: Thing;
}

/** Where a module comes from; at most one of these. By default the file beside this library. */
export interface ModuleSource {
  /** Its address, where a server keeps it elsewhere. */
  readonly wasmUrl?: string | URL | undefined;
  /** Its bytes. */
  readonly wasmBinary?: Uint8Array | ArrayBuffer | undefined;
  /** The compiled module, for instance received from another worker. */
  readonly wasmModule?: WebAssembly.Module | undefined;
}

/** Which engine is wanted, and where its modules come from: at most one of the first three, by default files beside this. */
export interface EngineOptions {
  /** The addresses of the strict module's parts, where a server keeps them elsewhere. */
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
  /**
   * - `strict`   the same bits in every browser and in Node. The default
   * - `fast`     quicker where the machine fuses multiplication and addition: the last bits depend on the machine. It is
   *              used if WebAssembly here has relaxed SIMD and the module passes a self-test against the strict one,
   *              which takes some tenths of a second; otherwise the engine is strict and its `fallback` says why
   */
  readonly build?: 'strict' | 'fast' | undefined;
  /** Where the fast module comes from, which is one whole. */
  readonly fast?: ModuleSource | undefined;
}

/**
 * Loads the engine, in a page, in a worker or in Node.
 *
 * @throws UnrollError `NO_WASM` when a file of the strict module cannot be had or this browser cannot run it
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  if (typeof options !== 'object' || options === null) refuse('createEngine: the options', options, 'an object');
  if (typeof WebAssembly !== 'object') unavailable('this browser has no WebAssembly; please use a newer one');
  const { build, deferred, fast = {}, ...strict } = readFields('createEngine', options, FIELDS);
  const startStrict = (): Promise<Engine> => startSplit(partsOf(strict), deferred === 'later' && mayWait());
  if (build !== 'fast') return startStrict();
  // Only who asks for it loads what judges it.
  const { fastUnlessWorse } = await import('./fast-build.js');
  return fastUnlessWorse(startStrict(), () => startWhole(wholeOf(fast)));
}

// Looked at where a source is made of them.
const SOURCE_FIELDS = { wasmModule: asGiven, wasmBinary: asGiven, wasmUrl: asGiven };
type Source = Read<typeof SOURCE_FIELDS>;

const FIELDS = {
  ...SOURCE_FIELDS,
  deferred: oneOf(['now', 'later']),
  build: oneOf(['strict', 'fast']),
  fast: (where: string, value: unknown): Source => readFields(where, anObject(where, value), SOURCE_FIELDS),
};

function partsOf({ wasmModule, wasmBinary, wasmUrl }: Source): Parts<WasmSource> {
  if (wasmModule !== undefined) return eachOf('wasmModule', wasmModule, fromModule);
  if (wasmBinary !== undefined) return eachOf('wasmBinary', wasmBinary, fromBytes);
  if (wasmUrl !== undefined) return eachOf('wasmUrl', wasmUrl, fromAddress);
  // Each one literal expression: that is how bundlers find the files.
  return {
    main: fromAddress(new URL('../wasm/unroll.wasm', import.meta.url)),
    deferred: fromAddress(new URL('../wasm/unroll.deferred.wasm', import.meta.url)),
  };
}

function eachOf(name: string, parts: unknown, make: (thing: unknown) => WasmSource): Parts<WasmSource> {
  const main = property(parts, 'main');
  const deferred = property(parts, 'deferred');
  if (main === undefined || deferred === undefined) refuse(`createEngine: ${name}`, parts, '{ main, deferred }');
  return { main: make(main), deferred: make(deferred) };
}

function wholeOf({ wasmModule, wasmBinary, wasmUrl }: Source): WasmSource {
  if (wasmModule !== undefined) return fromModule(wasmModule);
  if (wasmBinary !== undefined) return fromBytes(wasmBinary);
  return fromAddress(wasmUrl ?? new URL('../wasm/unroll-fast.wasm', import.meta.url));
}

/** Whether this is no page's own thread. */
const mayWait = (): boolean => !('document' in globalThis);

/** A module that runs. */
interface Started {
  readonly instance: WebAssembly.Instance;
  /** Brings what is left of it. */
  readonly complete: () => Promise<void>;
}

async function startSplit(sources: Parts<WasmSource>, isLater: boolean): Promise<Engine> {
  // Both at once. What is wrong with either is said where it is waited for.
  const loading = isLater ? undefined : sources.deferred.load();
  loading?.catch(() => undefined);
  const main = await sources.main.load();
  const deferred = loading === undefined ? sources.deferred : fromModule(await loading);
  return makeEngine(async (imports) => {
    const module = new SplitModule(imports, deferred);
    const instance = await module.start(main);
    // Before anything in it runs, so that no placeholder is ever met.
    if (!isLater) await module.complete();
    return { instance, complete: () => module.complete() };
  });
}

async function startWhole(source: WasmSource): Promise<Engine> {
  const module = await source.load();
  return makeEngine(async (imports) => ({
    instance: await WebAssembly.instantiate(module, imports),
    complete: async () => undefined,
  }));
}

/** The module's own loader would fetch and compile; here it only gets the instance. */
function makeEngine(instantiate: (imports: WebAssembly.Imports) => Promise<Started>): Promise<Engine> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      const message = `createEngine: the module does not start (${messageOf(error)}); it is not the engine of this version`;
      reject(new UnrollError('NO_WASM', message, { cause: error }));
    };
    let complete: Started['complete'];
    const instantiateWasm = (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object => {
      const begin = async (): Promise<void> => {
        const started = await instantiate(imports);
        ({ complete } = started);
        done(started.instance);
      };
      begin().catch(fail);
      return {};
    };
    factory({ instantiateWasm }).then((raw: RawModule) => resolve(new Engine(raw, () => complete())), fail);
  });
}
