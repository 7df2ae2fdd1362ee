import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEngine, UnrollError } from '../../web/engine/index.js';
import type { Engine, EngineOptions } from '../../web/engine/index.js';

const wasmUrl = new URL('../../web/engine/wasm/unroll.wasm', import.meta.url);
const wasmBinary = await readFile(wasmUrl);

/** What an engine computes in the first moments of its life. */
function firstWords(engine: Engine): string {
  using trainer = engine.createTrainer({ hiddenSize: 8, batchSize: 2, seqLen: 5 }, 'abcabcabd'.repeat(20));
  trainer.train(3);
  using model = trainer.model();
  return model.fingerprint();
}

async function failure(options: unknown): Promise<UnrollError> {
  const outcome = await createEngine(options as EngineOptions).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(UnrollError);
  return outcome as UnrollError;
}

/** The address of a file that is served with this status and type. */
async function serve(body: Uint8Array, contentType: string, status = 200): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/engine.wasm`;
}

describe('the engine loads', async () => {
  const expected = firstWords(await createEngine());

  test('and says what it is', async () => {
    expect((await createEngine()).buildInfo()).toEqual({ generation: expect.any(Number) as number, build: 'strict' });
  });

  test.each<[string, () => EngineOptions | Promise<EngineOptions>]>([
    ['from the file beside the library', () => ({})],
    ['from a file elsewhere', () => ({ wasmUrl })],
    ['from an address in a string', () => ({ wasmUrl: wasmUrl.href })],
    ['from bytes', () => ({ wasmBinary })],
    ['from an ArrayBuffer', () => ({ wasmBinary: Uint8Array.from(wasmBinary).buffer })],
    ['from a compiled module', async () => ({ wasmModule: await WebAssembly.compile(wasmBinary) })],
    ['from a server', async () => ({ wasmUrl: await serve(wasmBinary, 'application/wasm') })],
    ['from a server that knows no WebAssembly', async () => ({ wasmUrl: await serve(wasmBinary, 'text/plain') })],
  ])('%s', async (_, options) => {
    expect(firstWords(await createEngine(await options()))).toBe(expected);
  });

  test('several times, each with memory of its own', async () => {
    const [one, other] = await Promise.all([createEngine(), createEngine()]);
    using rnn = one.createRnn({ inputSize: 2, hiddenSize: 2 });
    expect(one.liveObjects()).toBe(1);
    expect(other.liveObjects()).toBe(0);
    expect(rnn.deleted).toBe(false);
  });
});

describe('the engine does not load', () => {
  test.each<[string, () => Promise<EngineOptions> | EngineOptions, string]>([
    ['a file that is not there', () => ({ wasmUrl: new URL('./nothing.wasm', wasmUrl) }), 'could not be read'],
    ['an address that does not answer', () => ({ wasmUrl: 'http://127.0.0.1:9/x.wasm' }), 'could not be fetched'],
    [
      'a page that is not there',
      async () => ({ wasmUrl: await serve(wasmBinary, 'application/wasm', 404) }),
      'answered 404',
    ],
    ['a page of text', async () => ({ wasmUrl: await serve(new Uint8Array(90), 'text/html') }), 'cannot be compiled'],
    ['half the file', () => ({ wasmBinary: wasmBinary.subarray(0, wasmBinary.length >> 1) }), 'cannot be compiled'],
    ['no bytes', () => ({ wasmBinary: 7 as unknown as Uint8Array }), 'cannot be compiled'],
    [
      'another module',
      async () => ({ wasmModule: await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) }),
      'does not start',
    ],
  ])('from %s', async (_, options, says) => {
    const error = await failure(await options());
    expect(error.code).toBe('NO_WASM');
    expect(error.message).toMatch(/^createEngine: /);
    expect(error.message).toContain(says);
  });

  test.each([
    [null, 'the options is null'],
    ['x.wasm', 'the options is "x.wasm"'],
    [{ wasmUrl: '::' }, 'wasmUrl is "::"'],
  ])('with the options %j', async (options, says) => {
    const error = await failure(options);
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(says);
  });
});
