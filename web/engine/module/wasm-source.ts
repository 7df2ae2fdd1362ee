import { messageOf, UnrollError } from '../errors.js';
import { refuse } from '../arguments/fields.js';
import { copyOf, copyOfBuffer, isModule } from '../arguments/own.js';

/** Where one part of the module comes from. */
export interface WasmSource {
  /** Fetches and compiles it. */
  load(): Promise<WebAssembly.Module>;
  /** The same, and everything waits meanwhile: for workers and Node, where nobody minds for that long. */
  loadNow(): WebAssembly.Module;
}

export function fromModule(value: unknown): WasmSource {
  if (!isModule(value)) refuse('createEngine: wasmModule', value, 'a WebAssembly.Module');
  return { load: async () => value, loadNow: () => value };
}

/** Bytes of our own, as the deferred part may be compiled much later. What are none, the compiler will say. */
export function fromBytes(value: unknown): WasmSource {
  const bytes = (copyOf(Uint8Array, value) ?? copyOfBuffer(value) ?? value) as Uint8Array;
  return { load: () => compile(bytes), loadNow: () => compileNow('given', bytes) };
}

export function fromAddress(address: unknown): WasmSource {
  const url = toUrl(address);
  if (url.protocol === 'file:') {
    return {
      load: async () => compile(await readLocal(url)),
      loadNow: () => compileNow(`at ${url.href}`, readLocalNow(url)),
    };
  }
  return {
    load: async () => compileResponse(url, await download(url)),
    loadNow: () => compileNow(`at ${url.href}`, downloadNow(url)),
  };
}

/** Compiles while the file arrives, if the server says that it is WebAssembly. */
async function compileResponse(url: URL, response: Response): Promise<WebAssembly.Module> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim();
  if (type !== 'application/wasm') return compile(await response.arrayBuffer());
  return WebAssembly.compileStreaming(response).catch((error: unknown) => cannotCompile(`at ${url.href}`, error));
}

function compile(bytes: Uint8Array | ArrayBuffer): Promise<WebAssembly.Module> {
  return WebAssembly.compile(bytes as BufferSource).catch((error: unknown) => cannotCompile('given', error));
}

function compileNow(where: string, bytes: Uint8Array | ArrayBuffer): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as BufferSource);
  } catch (error) {
    cannotCompile(where, error);
  }
}

async function download(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    unavailable(`${url.href} could not be fetched (${messageOf(error)})`, error);
  }
  if (!response.ok) unavailable(`${url.href} could not be fetched: the server answered ${response.status}`);
  return response;
}

/* eslint-disable no-restricted-globals -- it brings the module's own other half, and sends nothing */
function downloadNow(url: URL): ArrayBuffer {
  if (typeof XMLHttpRequest !== 'function') {
    unavailable(`${url.href} cannot be fetched while a call waits for it; call Engine.complete() before`);
  }
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.responseType = 'arraybuffer';
  try {
    request.send();
  } catch (error) {
    unavailable(`${url.href} could not be fetched (${messageOf(error)})`, error);
  }
  if (request.status !== 200) unavailable(`${url.href} could not be fetched: the server answered ${request.status}`);
  return request.response as ArrayBuffer;
}
/* eslint-enable no-restricted-globals */

async function readLocal(url: URL): Promise<Uint8Array> {
  return node(url, 'node:fs/promises')
    .readFile(url)
    .catch((error: unknown) => unavailable(`${url.href} could not be read (${messageOf(error)})`, error));
}

function readLocalNow(url: URL): Uint8Array {
  try {
    return node(url, 'node:fs').readFileSync(url);
  } catch (error) {
    if (error instanceof UnrollError) throw error;
    unavailable(`${url.href} could not be read (${messageOf(error)})`, error);
  }
}

/** Node cannot fetch files; and no import of its modules may stand here, or bundlers for the web would look for them. */
function node<Name extends 'node:fs' | 'node:fs/promises'>(url: URL, name: Name) {
  const { process: own } = globalThis as { process?: typeof process };
  const files = own?.getBuiltinModule?.(name);
  if (files === undefined) unavailable(`${url.href} cannot be read from a page; serve the page over http`);
  return files;
}

function toUrl(address: unknown): URL {
  try {
    return new URL(address as URL, globalThis.location?.href);
  } catch {
    return refuse('createEngine: wasmUrl', address, 'an address');
  }
}

function cannotCompile(where: string, cause: unknown): never {
  unavailable(
    `the module ${where} cannot be compiled (${messageOf(cause)}); this needs a browser whose WebAssembly has SIMD ` +
      "(Chrome 91, Firefox 89, Safari 16.4 or newer) and a page whose policy allows 'wasm-unsafe-eval'",
    cause,
  );
}

export function unavailable(what: string, cause?: unknown): never {
  throw new UnrollError('NO_WASM', `createEngine: ${what}`, { cause });
}
