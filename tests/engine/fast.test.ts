import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEngine, hasRelaxedSimd, UnrollError } from '../../web/engine/index.js';
import type { Engine, EngineOptions } from '../../web/engine/index.js';
import { findDifference } from '../../web/engine/module/self-test.js';
import {
  F32X4_DIV,
  F32X4_MIN,
  F32X4_RELAXED_MADD,
  F32X4_RELAXED_NMADD,
  withReplaced,
} from '../package/wasm-instructions.js';
import { SENTENCES } from './engine.js';

const read = (name: string): Promise<Uint8Array> => readFile(new URL(`../../web/engine/wasm/${name}`, import.meta.url));
const nothing = new URL('./nothing.wasm', import.meta.url);

/** The fast module with every multiply-add computing c - a * b. */
let broken: Uint8Array;
let strict: Engine;
beforeAll(async () => {
  if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd'); // Node 20
  broken = withReplaced(await read('unroll-fast.wasm'), F32X4_RELAXED_MADD, F32X4_RELAXED_NMADD);
  strict = await createEngine();
});
afterEach(() => vi.restoreAllMocks());

/** The losses of a training that is long enough to learn something, and the weights' fingerprint. */
function outcome(engine: Engine): { losses: Float64Array; fingerprint: string } {
  using trainer = engine.createTrainer({ hiddenSize: 48, batchSize: 9, seqLen: 20, seed: 4 }, SENTENCES);
  const { losses } = trainer.trainSlice(100, Infinity);
  using model = trainer.model();
  return { losses, fingerprint: model.fingerprint() };
}

describe('an engine that is asked to be fast', () => {
  test('is fast, agrees with a strict one but for rounding, and has left nothing of its self-test behind', async () => {
    const engine = await createEngine({ build: 'fast' });
    expect(engine.fallback).toBeNull();
    expect(engine.buildInfo()).toEqual({ ...strict.buildInfo(), build: 'fast' });
    expect(engine.liveObjects()).toBe(0);
    const [expected, found] = [outcome(strict).losses, outcome(engine).losses];
    expect(expected[99]).toBeLessThan(expected[0]! * 0.7);
    for (const [i, loss] of found.entries()) expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-3);
  });

  test('takes its modules from where it is told', async () => {
    const engine = await createEngine({
      build: 'fast',
      wasmBinary: { main: await read('unroll.wasm'), deferred: await read('unroll.deferred.wasm') },
      fast: { wasmBinary: await read('unroll-fast.wasm') },
    });
    expect(engine.buildInfo().build).toBe('fast');
  });

  test.each<[string, () => EngineOptions, string, RegExp]>([
    [
      'computes something else',
      () => ({ fast: { wasmBinary: broken } }),
      'SELF_TEST_FAILED',
      /^the fast module fails its self-test in this WebAssembly: .+, so the strict build is used$/,
    ],
    [
      'is not there',
      () => ({ fast: { wasmUrl: nothing } }),
      'NOT_LOADED',
      /^the fast module is not there: .*nothing\.wasm could not be read .*, so the strict build is used$/,
    ],
    [
      'is another module',
      () => ({ fast: { wasmBinary: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0) } }),
      'NOT_LOADED',
      /does not start/,
    ],
  ])('is strict to the bit and says why when the fast module %s', async (_, options, code, message) => {
    const engine = await createEngine({ ...options(), build: 'fast' });
    expect(engine.buildInfo().build).toBe('strict');
    expect(engine.fallback).toEqual({ code, message: expect.stringMatching(message) as string });
    expect(outcome(engine)).toEqual(outcome(strict));
  });

  test('is strict without asking for the fast module where there is no relaxed SIMD', async () => {
    const { validate } = WebAssembly;
    vi.spyOn(WebAssembly, 'validate').mockImplementation((bytes) => bytes.byteLength > 100 && validate(bytes));
    // If it were asked for, the reason would be that it is not there.
    const engine = await createEngine({ build: 'fast', fast: { wasmUrl: nothing } });
    expect(engine.buildInfo().build).toBe('strict');
    expect(engine.fallback!.code).toBe('NO_RELAXED_SIMD');
    expect(engine.fallback!.message).toContain('Node 20 with --experimental-wasm-relaxed-simd');
  });

  test.each([
    [{ build: 'quick' }, 'INVALID_ARGUMENT', 'createEngine: build is "quick", expected strict, fast'],
    [{ build: 'fast', fast: 7 }, 'INVALID_ARGUMENT', 'createEngine: fast is 7, expected an object'],
    [{ build: 'fast', wasmUrl: { main: nothing, deferred: nothing } }, 'NO_WASM', 'could not be read'],
  ])('is refused with %j', async (options, code, says) => {
    const error = await createEngine(options as EngineOptions).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnrollError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(says) as string });
  });
});

test('the self-test tells one engine from another, and none from itself', async () => {
  expect(await findDifference(strict, strict)).toBeNull();
  // Wrong in its quotients, but not so much that the training itself breaks down.
  const other = await createEngine({
    wasmBinary: {
      main: withReplaced(await read('unroll.wasm'), F32X4_DIV, F32X4_MIN),
      deferred: await read('unroll.deferred.wasm'),
    },
  });
  expect(await findDifference(other, strict)).toMatch(
    /^the loss of lstm at step \d is \d\.\d{5} instead of \d\.\d{5}$/,
  );
});

test('an engine that was asked for nothing is strict, and has no reason to tell', () => {
  expect(strict.buildInfo().build).toBe('strict');
  expect(strict.fallback).toBeNull();
});
