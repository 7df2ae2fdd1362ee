import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEngine, UnrollError } from '../../web/engine/index.js';
import type { Engine, EngineOptions, Parts } from '../../web/engine/index.js';

const wasmUrl = {
  main: new URL('../../web/engine/wasm/unroll.wasm', import.meta.url),
  deferred: new URL('../../web/engine/wasm/unroll.deferred.wasm', import.meta.url),
};
const wasmBinary = { main: await readFile(wasmUrl.main), deferred: await readFile(wasmUrl.deferred) };
const wasmModule = {
  main: await WebAssembly.compile(wasmBinary.main),
  deferred: await WebAssembly.compile(wasmBinary.deferred),
};

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

const serveBoth = async (contentType: string): Promise<Parts<string>> => ({
  main: await serve(wasmBinary.main, contentType),
  deferred: await serve(wasmBinary.deferred, contentType),
});

describe('the engine loads', async () => {
  const expected = firstWords(await createEngine());

  test('and says what it is', async () => {
    expect((await createEngine()).buildInfo()).toEqual({ generation: expect.any(Number) as number, build: 'strict' });
  });

  test.each<[string, () => EngineOptions | Promise<EngineOptions>]>([
    ['from the files beside the library', () => ({})],
    ['from files elsewhere', () => ({ wasmUrl })],
    ['from addresses in strings', () => ({ wasmUrl: { main: wasmUrl.main.href, deferred: wasmUrl.deferred.href } })],
    ['from bytes', () => ({ wasmBinary })],
    [
      'from ArrayBuffers',
      () => ({
        wasmBinary: {
          main: Uint8Array.from(wasmBinary.main).buffer,
          deferred: Uint8Array.from(wasmBinary.deferred).buffer,
        },
      }),
    ],
    ['from compiled modules', () => ({ wasmModule })],
    ['from a server', async () => ({ wasmUrl: await serveBoth('application/wasm') })],
    ['from a server that knows no WebAssembly', async () => ({ wasmUrl: await serveBoth('text/plain') })],
    ['with the deferred part later', () => ({ deferred: 'later' })],
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
  const another = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);

  /** One part as it should be and the other as given, both ways round. */
  const spoilt: [string, (part: 'main' | 'deferred') => Promise<EngineOptions> | EngineOptions, string][] = [
    [
      'a file that is not there',
      (part) => ({ wasmUrl: { ...wasmUrl, [part]: new URL('./nothing.wasm', wasmUrl.main) } }),
      'could not be read',
    ],
    [
      'an address that does not answer',
      (part) => ({ wasmUrl: { ...wasmUrl, [part]: 'http://127.0.0.1:9/x.wasm' } }),
      'could not be fetched',
    ],
    [
      'a page that is not there',
      async (part) => ({ wasmUrl: { ...wasmUrl, [part]: await serve(wasmBinary[part], 'application/wasm', 404) } }),
      'answered 404',
    ],
    [
      'a page of text',
      async (part) => ({ wasmUrl: { ...wasmUrl, [part]: await serve(new Uint8Array(90), 'text/html') } }),
      'cannot be compiled',
    ],
    [
      'half the file',
      (part) => ({ wasmBinary: { ...wasmBinary, [part]: cut(wasmBinary[part]) } }),
      'cannot be compiled',
    ],
    ['no bytes', (part) => ({ wasmBinary: { ...wasmBinary, [part]: 7 as never } }), 'cannot be compiled'],
    ['the parts of another module', () => ({ wasmModule: { main: another, deferred: another } }), 'does not start'],
    [
      "its parts in each other's place",
      () => ({ wasmModule: { main: wasmModule.deferred, deferred: wasmModule.main } }),
      'does not start',
    ],
  ];

  describe.each(['main', 'deferred'] as const)('with a %s part', (part) => {
    test.each(spoilt)('from %s', async (_, options, says) => {
      const error = await failure(await options(part));
      expect(error.code).toBe('NO_WASM');
      expect(error.message).toMatch(/^createEngine: /);
      expect(error.message).toContain(says);
    });
  });

  test.each([
    [null, 'the options is null'],
    ['x.wasm', 'the options is "x.wasm"'],
    [{ wasmUrl: { main: '::', deferred: '::' } }, 'wasmUrl is "::"'],
    [{ wasmUrl: wasmUrl.main.href }, 'expected { main, deferred }'],
    [{ wasmBinary: { main: wasmBinary.main } }, 'expected { main, deferred }'],
    [{ wasmModule: null }, 'wasmModule is null, expected { main, deferred }'],
    [{ deferred: 'never' }, 'deferred is "never", expected "now" or "later"'],
  ])('with the options %j', async (options, says) => {
    const error = await failure(options);
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(says);
  });
});
