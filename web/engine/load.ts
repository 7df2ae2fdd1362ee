import './dispose.js';
import { Engine } from './engine.js';
import { UnrollError } from './errors.js';
import { fastUnlessWorse } from './fast-build.js';
import { oneOf, refuse } from './fields.js';
import type { RawModule } from './raw-module.js';
import factory from './wasm/unroll.js';

/** Where a WebAssembly module comes from; at most one of these. By default the file beside this library. */
export interface ModuleSource {
  /** Its address, where a server keeps it elsewhere. */
  readonly wasmUrl?: string | URL | undefined;
  /** Its bytes. */
  readonly wasmBinary?: Uint8Array | ArrayBuffer | undefined;
  /** The compiled module, for instance received from another worker. */
  readonly wasmModule?: WebAssembly.Module | undefined;
}

/** Which engine is wanted, and where the strict module comes from. */
export interface EngineOptions extends ModuleSource {
  /**
   * - `strict`   the same bits in every browser and in Node. The default
   * - `fast`     about 1.4 times as quick, by fused multiply-add: the last bits depend on the machine. It is used if
   *              WebAssembly here has relaxed SIMD and the module passes a self-test against the strict one, which takes
   *              some tenths of a second; otherwise the engine is strict and its `fallback` says why
   */
  readonly build?: 'strict' | 'fast' | undefined;
  /** Where the fast module comes from. */
  readonly fast?: ModuleSource | undefined;
}

/**
 * Loads the engine, in a page, in a worker or in Node.
 *
 * @throws UnrollError `NO_WASM` when the file of the strict module cannot be had or this browser cannot run it
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  if (typeof options !== 'object' || options === null) refuse('createEngine: the options', options, 'an object');
  const { build = 'strict', fast = {} } = options;
  oneOf(['strict', 'fast'])('createEngine: build', build);
  if (typeof fast !== 'object' || fast === null) refuse('createEngine: fast', fast, 'an object');
  // One literal expression each: that is how bundlers find the files.
  const strict = load(options, () => new URL('./wasm/unroll.wasm', import.meta.url));
  if (build === 'strict') return strict;
  return fastUnlessWorse(strict, () => load(fast, () => new URL('./wasm/unroll-fast.wasm', import.meta.url)));
}

async function load(source: ModuleSource, beside: () => URL): Promise<Engine> {
  return new Engine(await start(source.wasmModule ?? (await compile(source, beside))));
}

async function compile({ wasmBinary, wasmUrl }: ModuleSource, beside: () => URL): Promise<WebAssembly.Module> {
  if (typeof WebAssembly !== 'object') unavailable('this browser has no WebAssembly; please use a newer one');
  if (wasmBinary !== undefined) return compileBytes(wasmBinary);
  const url = wasmUrl === undefined ? beside() : toUrl(wasmUrl);
  if (url.protocol === 'file:') return compileBytes(await readLocal(url));
  return compileResponse(url, await download(url));
}

/** Compiles while the file arrives, if the server says that it is WebAssembly. */
async function compileResponse(url: URL, response: Response): Promise<WebAssembly.Module> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim();
  if (type !== 'application/wasm') return compileBytes(await response.arrayBuffer());
  return WebAssembly.compileStreaming(response).catch((error: unknown) => cannotCompile(`at ${url.href}`, error));
}

function compileBytes(bytes: Uint8Array | ArrayBuffer): Promise<WebAssembly.Module> {
  return WebAssembly.compile(bytes as BufferSource).catch((error: unknown) => cannotCompile('given', error));
}

async function download(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    unavailable(`${url.href} could not be fetched (${(error as Error).message})`, error);
  }
  if (!response.ok) unavailable(`${url.href} could not be fetched: the server answered ${response.status}`);
  return response;
}

/** Node cannot fetch files; and no import of its modules may stand here, or bundlers for the web would look for them. */
async function readLocal(url: URL): Promise<Uint8Array> {
  const node = (globalThis as { process?: typeof process }).process;
  const files = node?.getBuiltinModule?.('node:fs/promises');
  if (files === undefined) unavailable(`${url.href} cannot be read from a page; serve the page over http`);
  return files
    .readFile(url)
    .catch((error: unknown) => unavailable(`${url.href} could not be read (${String(error)})`, error));
}

async function start(module: WebAssembly.Module): Promise<RawModule> {
  return new Promise<RawModule>((resolve, reject) => {
    const fail = (error: unknown): void => {
      const message = `createEngine: the module does not start (${(error as Error).message}); it is not the engine of this version`;
      reject(new UnrollError('NO_WASM', message, { cause: error }));
    };
    // The module's own loader would fetch and compile; here it only gets the instance.
    const instantiateWasm = (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object => {
      WebAssembly.instantiate(module, imports).then(done).catch(fail);
      return {};
    };
    factory({ instantiateWasm }).then((raw: RawModule) => resolve(raw), fail);
  });
}

function toUrl(address: string | URL): URL {
  try {
    return new URL(address, globalThis.location?.href);
  } catch {
    return refuse('createEngine: wasmUrl', address, 'an address');
  }
}

function cannotCompile(where: string, cause: unknown): never {
  unavailable(
    `the module ${where} cannot be compiled (${(cause as Error).message}); this needs a browser whose WebAssembly has SIMD ` +
      "(Chrome 91, Firefox 89, Safari 16.4 or newer) and a page whose policy allows 'wasm-unsafe-eval'",
    cause,
  );
}

function unavailable(what: string, cause?: unknown): never {
  throw new UnrollError('NO_WASM', `createEngine: ${what}`, { cause });
}
