import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { setFlagsFromString } from 'node:v8';
import { createEngine, hasRelaxedSimd } from '../../web/engine/index.js';
import { describeText } from '../../web/engine/internal.js';
import type { Engine, PreparedText } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { Run, startRun } from '../../web/run/index.js';
import { Engines } from '../../web/worker/engines.js';
import { affordableStep } from '../../web/tasks/language/cost.js';
import { DataCache } from '../../web/worker/data-cache.js';
import { FakeThread } from '../parallel/threads.js';
import { makeSession as sessionOf } from './asked-session.js';

const CONFIG: LanguageConfig = {
  ...DEFAULTS,
  text: 'counting',
  hiddenSize: 12,
  batchSize: 8,
  seqLen: 16,
  steps: 120,
  evalEvery: 40,
  sampleEvery: 60,
  sampleLength: 30,
};

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

const makeSession = (strict: Engine, fast: Engine = strict) =>
  sessionOf(async (build) => (build === 'fast' ? fast : strict));

/** Runs a test; afterwards the session holds its run, if it got that far, and nothing else of the engine's. */
async function withSession(use: (made: ReturnType<typeof makeSession>) => Promise<void>, holds = 1): Promise<void> {
  // An engine of its own: what other tests have left behind may be collected at any moment.
  const own = await createEngine();
  await use(makeSession(own));
  expect(own.liveObjects()).toBe(holds);
}

test('a session arrives where a plain run arrives, through one step, a pause and writing in between', () =>
  withSession(async ({ ask, batches }) => {
    const { data: text } = await new DataCache(() => Promise.reject(new Error('not bundled'))).load(CONFIG);
    using plain = new Run(engine, CONFIG, text);
    let fingerprint = '';
    while (plain.activity !== 'done') {
      for (const event of await plain.advance(Infinity))
        if (event.type === 'done') fingerprint = event.result.fingerprint;
    }

    const prepared = await ask('prepare', { config: CONFIG });
    expect(prepared.info.vocabSize).toBe(describeText(engine, text as PreparedText).vocabSize);
    expect([...prepared.sample.text]).toHaveLength(30);
    const stepped = await ask('trainStep', { until: 1 });
    expect(stepped).toMatchObject({ reason: 'paused', result: null });
    const training = ask('train', {});
    const written = await ask('generate', { source: 'run', prompt: 'a', length: 40, temperature: 1, seed: 1 });
    expect([...written.likeliest]).toHaveLength(40);
    await ask('pause', {});
    await training;
    const { reason, result, batch } = await ask('train', {});
    expect(reason).toBe('finished');
    expect(result!.fingerprint).toBe(fingerprint);

    expect(batches.at(-1)!.batch).toBe(batch);
    expect(batches.flatMap(({ losses }) => [...losses])).toHaveLength(120);
    expect(batches.flatMap(({ evaluations }) => evaluations.map(({ step }) => step))).toEqual([0, 40, 80, 120]);
    expect(batches.flatMap(({ samples }) => samples.map(({ step }) => step))).toEqual([0, 60, 120]);
  }));

test('a session with several workers arrives where such a run arrives, and again after a rewind', () =>
  withSession(async ({ ask, batches }) => {
    const config = { ...CONFIG, workers: 2 };
    const { data: text } = await new DataCache(() => Promise.reject(new Error('not bundled'))).load(config);
    using plain = await startRun(engine, config, text, () => new FakeThread());
    let fingerprint = '';
    while (plain.activity !== 'done') {
      for (const event of await plain.advance(Infinity)) {
        if (event.type === 'done') fingerprint = event.result.fingerprint;
      }
    }

    await ask('prepare', { config });
    await ask('trainStep', { until: 1 });
    const training = ask('train', {});
    const written = await ask('generate', { source: 'run', prompt: 'a', length: 40, temperature: 1, seed: 1 });
    expect([...written.likeliest]).toHaveLength(40);
    await ask('pause', {});
    await training;
    const { result } = await ask('train', {});
    expect(result!.fingerprint).toBe(fingerprint);
    expect(batches.flatMap(({ losses }) => [...losses])).toHaveLength(120);

    await ask('rewind', {});
    expect((await ask('train', {})).result!.fingerprint).toBe(fingerprint);
    // The model that was saved is the one that was trained.
    const saved = await ask('saveModel', {});
    const loaded = engine.loadModel(saved.bytes);
    expect(loaded.fingerprint()).toBe(fingerprint);
    loaded.delete();
  }));

test('a session tells how many workers pay', () =>
  withSession(async ({ ask }) => {
    // A step of this one is over before a second thread has got its share.
    expect(await ask('chooseWorkers', { config: CONFIG })).toEqual({ workers: 1, why: 'a step is too short for more' });
    const alone = { ...CONFIG, hiddenSize: 512, batchSize: 1, seqLen: 64 };
    expect((await ask('chooseWorkers', { config: alone })).why).toBe('a batch of one stream cannot be shared');
    // Whatever is measured on a machine that may be busy, the number is what the sentence says of it.
    const large = { ...CONFIG, hiddenSize: 256, batchSize: 8 };
    const { workers, why } = await ask('chooseWorkers', { config: large });
    const figures = /^a step takes [\d.]+ ms with 2 workers, [\d.]+ ms with one \(([\d.]+) times as fast\)$/.exec(why);
    const ratio = Number(figures?.[1]);
    expect(workers === 1 ? ratio <= 1.25 : ratio >= 1.25).toBe(true);
  }, 0));

test('a refused configuration leaves the run as it was', () =>
  withSession(async ({ ask }) => {
    await ask('prepare', { config: CONFIG });
    await ask('trainStep', { until: 1 });
    const tooShort = { ...CONFIG, batchSize: 256, seqLen: 1024 };
    await expect(ask('prepare', { config: tooShort })).rejects.toMatchObject({ code: 'TEXT_TOO_SHORT' });
    await expect(ask('prepare', { config: { ...CONFIG, prompt: 'ß' } })).rejects.toMatchObject({
      code: 'NOT_IN_VOCABULARY',
    });
    await ask('trainStep', { until: 2 });
    const saved = await ask('saveModel', {});
    const file = engine.readSafetensors(saved.bytes);
    expect(file.metadata.get('unroll.step')).toBe('2');
  }));

test('a new run overtakes training, which then ends as cancelled', () =>
  withSession(async ({ ask, batches }) => {
    await ask('prepare', { config: { ...CONFIG, steps: 1_000_000 } });
    const training = ask('train', {});
    await ask('prepare', { config: { ...CONFIG, cell: 'gru' } });
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    await ask('trainStep', { until: 1 });
    expect(batches.at(-1)).toMatchObject({ runId: 3, step: 1 });
  }));

test('rewinding gives the same sample as at the beginning', () =>
  withSession(async ({ ask }) => {
    const { sample } = await ask('prepare', { config: CONFIG });
    await ask('train', {});
    expect(await ask('rewind', {})).toEqual({ sample });
  }));

test('a run that asks to be fast gets the fast engine, and the next one the strict engine again', async () => {
  if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd'); // Node 20
  const [strict, fast] = await Promise.all([createEngine(), createEngine({ build: 'fast' })]);
  const { ask } = makeSession(strict, fast);
  const builds = [];
  for (const wanted of [true, false]) {
    const prepared = await ask('prepare', { config: { ...CONFIG, fast: wanted } });
    expect(prepared).toMatchObject({ build: wanted ? 'fast' : 'strict', fallback: null });
    builds.push((await ask('train', {})).result!.build);
    expect([strict.liveObjects(), fast.liveObjects()]).toEqual(wanted ? [0, 1] : [1, 0]);
  }
  expect(builds).toEqual(['fast', 'strict']);
  await ask('prepare', { config: { ...CONFIG, fast: true } });
  const { bytes } = await ask('saveModel', {});
  expect(await ask('openModel', { bytes })).toMatchObject({ hiddenSize: 12 });
});

test('why a run is not fast although it asked to be comes back with it', async () => {
  const fast = await createEngine({ build: 'fast', fast: { wasmBinary: Uint8Array.of(0) } });
  const { ask } = makeSession(engine, fast);
  const prepared = await ask('prepare', { config: { ...CONFIG, fast: true } });
  expect(prepared).toMatchObject({ build: 'strict', fallback: fast.fallback!.code });
});

test('an engine that could not be loaded is asked for again, one that was is kept', async () => {
  const asked: string[] = [];
  const engines = new Engines(async (build) => {
    asked.push(build);
    if (asked.length === 1) throw new Error('offline');
    return engine;
  });
  await expect(engines.get('strict')).rejects.toThrow('offline');
  expect(await engines.get('strict')).toBe(engine);
  await engines.get('fast');
  await engines.get('strict');
  expect(asked).toEqual(['strict', 'strict', 'fast']);
});

test('what is asked for before there is a run is refused and does not hang', () =>
  withSession(async ({ ask }) => {
    for (const kind of ['train', 'lookFirst', 'rewind', 'saveModel'] as const) {
      await expect(ask(kind, {})).rejects.toMatchObject({ kind: 'error' });
    }
    const args = { source: 'file', prompt: 'a', length: 5, temperature: 1, seed: 1 } as const;
    await expect(ask('generate', args)).rejects.toMatchObject({ kind: 'error' });
  }, 0));

test('a text in another encoding is refused with its code', () =>
  withSession(async ({ ask }) => {
    await expect(ask('readText', { bytes: Uint8Array.of(72, 0xe9, 72) })).rejects.toMatchObject({
      code: 'INVALID_UTF8',
    });
  }, 0));

test('the plan counts what the run then has', () =>
  withSession(async ({ ask }) => {
    const config: LanguageConfig = { ...CONFIG, cell: 'gru', numLayers: 2, embeddingDim: 5 };
    const plan = await ask('plan', { config });
    const { info } = await ask('prepare', { config });
    expect(plan).toMatchObject({ parameterCount: info.parameterCount, vocabSize: info.vocabSize });
  }));

test('measuring the speed does not touch the run', () =>
  withSession(async ({ ask }) => {
    await ask('prepare', { config: CONFIG });
    const speed = await ask('measure', { config: CONFIG });
    expect(speed.trainPerSecond).toBeGreaterThan(0);
    expect(speed.evaluationPerSecond).toBeGreaterThan(0);
    const { result } = await ask('train', {});
    await ask('prepare', { config: CONFIG });
    expect((await ask('train', {})).result!.fingerprint).toBe(result!.fingerprint);
  }));

test('what the page gets to read is cut between characters', () =>
  withSession(async ({ ask }) => {
    const { excerpt, info } = await ask('prepare', { config: { ...CONFIG, text: { own: 'é😀\n'.repeat(1000) } } });
    expect(excerpt).toBe('é😀\n'.repeat(500));
    expect(info.vocabSize).toBe(3);
    const plan = await ask('plan', { config: { ...CONFIG, text: { own: 'é😀\n'.repeat(1000) } } });
    expect(plan.vocabSize).toBe(3);
  }));

test('a step too large to be measured is measured in a smaller one', () => {
  expect(affordableStep({ batchSize: 32, seqLen: 64 }, 1e5, 1e9)).toEqual({ batchSize: 32, seqLen: 64 });
  expect(affordableStep({ batchSize: 256, seqLen: 1024 }, 1e5, 1e9)).toEqual({ batchSize: 256, seqLen: 39 });
  expect(affordableStep({ batchSize: 256, seqLen: 1024 }, 1e7, 1e9)).toEqual({ batchSize: 12, seqLen: 8 });
  expect(affordableStep({ batchSize: 256, seqLen: 1024 }, 1e12, 1e9)).toEqual({ batchSize: 1, seqLen: 8 });
});

test('a bundled text that could not be fetched is asked for again the next time', async () => {
  let calls = 0;
  const cache = new DataCache(async (name) => {
    if (++calls === 1) throw new Error('offline');
    return readFile(new URL(`../../web/corpora/texts/${name}`, import.meta.url));
  });
  const config = { ...CONFIG, text: 'names' };
  await expect(cache.load(config)).rejects.toThrow('offline');
  const { data } = await cache.load(config);
  expect(describeText(engine, data as PreparedText).vocabSize).toBeGreaterThan(26);
  await cache.load(config);
  expect(calls).toBe(2);
});
