import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DivergedError, UnrollError } from '../../web/engine/index.js';
import { engine, SENTENCES } from '../engine/engine.js';
import { CONFIG, DeafThread, FakeThread, SilentThread, startReplicas } from './threads.js';

const codeOf = (error: unknown): string => (error instanceof UnrollError ? error.code : String(error));

/** The code of a rejection, and null for none. */
const refusal = (promise: Promise<unknown>): Promise<string | null> => promise.then(() => null, codeOf);

describe.each([2, 3])('%i replicas', (count) => {
  test('come to the same bits, in whatever slices', async () => {
    const reached = new Set<string>();
    const losses: number[][] = [];
    for (const slices of [[30], [1, 2, 3, 24], Array<number>(30).fill(1)]) {
      using replicas = await startReplicas(count);
      const told: number[] = [];
      for (const steps of slices) told.push(...(await replicas.trainSlice(steps, Infinity)).losses);
      losses.push(told);
      const fingerprints = await replicas.fingerprints();
      expect(fingerprints).toHaveLength(count);
      for (const fingerprint of fingerprints) reached.add(fingerprint);
    }
    expect(reached.size).toBe(1);
    expect(losses[0]).toHaveLength(30);
    expect(losses[1]).toEqual(losses[0]);
    expect(losses[2]).toEqual(losses[0]);
  });

  test('train as one does, to rounding', async () => {
    const config = { ...CONFIG, dropout: 0 };
    using alone = engine.createTrainer(config, SENTENCES);
    using replicas = await startReplicas(count, { config });
    const expected = alone.train(20);
    const { losses, gradNorms, step, epoch } = await replicas.trainSlice(20, Infinity);
    expect({ step, epoch }).toEqual({ step: 20, epoch: expected.epoch });
    for (let i = 0; i < 20; ++i) {
      expect(Math.abs(losses[i]! - expected.losses[i]!)).toBeLessThan(1e-4);
      expect(Math.abs(gradNorms[i]! / expected.gradNorms[i]! - 1)).toBeLessThan(1e-3);
    }
  });

  test('all go back when the loss is no longer a number, and go on', async () => {
    using replicas = await startReplicas(count, {
      config: { ...CONFIG, cell: 'rnn_relu', clipNorm: 0, optimizer: { kind: 'sgd', learningRate: 0.1 } },
    });
    await replicas.trainSlice(60, Infinity);
    await replicas.setLearningRate(1e9);
    const error = await replicas.trainSlice(20, Infinity).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DivergedError);
    expect((error as DivergedError).divergence.resumedAtStep).toBe(replicas.trainer.step);
    expect(replicas.trainer.step).toBeGreaterThanOrEqual(50);
    expect(new Set(await replicas.fingerprints()).size).toBe(1);
    await replicas.setLearningRate(0.1);
    await replicas.trainSlice(10, Infinity);
    expect(new Set(await replicas.fingerprints()).size).toBe(1);
  });

  test('go on from saved states to the same bits', async () => {
    using straight = await startReplicas(count);
    await straight.trainSlice(17, Infinity);
    const files = await straight.saveState([['note', 'mine']]);
    expect(files).toHaveLength(count);
    await straight.trainSlice(15, Infinity);
    using resumed = await startReplicas(count);
    expect([...(await resumed.restoreState(files))]).toEqual([['note', 'mine']]);
    await resumed.trainSlice(15, Infinity);
    expect(await resumed.fingerprints()).toEqual(await straight.fingerprints());
  });

  test('learn at another rate, all alike', async () => {
    using usual = await startReplicas(count);
    using slower = await startReplicas(count);
    await slower.setLearningRate(0.001);
    await usual.trainSlice(5, Infinity);
    await slower.trainSlice(5, Infinity);
    const reached = new Set(await slower.fingerprints());
    expect(reached.size).toBe(1);
    expect(reached).not.toContain((await usual.fingerprints())[0]);
  });

  test('rewind to the same beginning', async () => {
    using replicas = await startReplicas(count);
    await replicas.trainSlice(12, Infinity);
    const [reached] = await replicas.fingerprints();
    await replicas.rewind();
    expect(replicas.trainer.step).toBe(0);
    await replicas.trainSlice(12, Infinity);
    expect(new Set(await replicas.fingerprints())).toEqual(new Set([reached]));
  });
});

test('gradients are added up in the order of the replicas', async () => {
  using replicas = await startReplicas(3);
  await replicas.trainSlice(20, Infinity);
  const trainers = [0, 1, 2].map((index) => engine.createTrainer({ ...CONFIG, shard: { index, count: 3 } }, SENTENCES));
  for (let i = 0; i < 20; ++i) {
    const all = trainers.map((trainer) => trainer.shardGradients());
    for (const trainer of trainers) trainer.applyGradients(all);
  }
  using model = trainers[0]!.model();
  expect((await replicas.fingerprints())[0]).toBe(model.fingerprint());
  for (const trainer of trainers) trainer.delete();
});

test('another number of replicas is another run', async () => {
  const reached = new Set<string>();
  using alone = engine.createTrainer(CONFIG, SENTENCES);
  alone.train(20);
  using model = alone.model();
  reached.add(model.fingerprint());
  for (const count of [2, 3]) {
    using replicas = await startReplicas(count);
    await replicas.trainSlice(20, Infinity);
    reached.add((await replicas.fingerprints())[0]!);
  }
  expect(reached.size).toBe(3);
});

test('evaluation and sampling in replica 0 change nothing', async () => {
  using disturbed = await startReplicas(2);
  using straight = await startReplicas(2);
  await straight.trainSlice(10, Infinity);
  for (let i = 0; i < 10; ++i) {
    await disturbed.trainSlice(1, Infinity);
    disturbed.trainer.evaluate('validation');
    using model = disturbed.trainer.model();
    model.generate({ prompt: 'the', length: 5 });
  }
  expect(await disturbed.fingerprints()).toEqual(await straight.fingerprints());
});

test('a slice ends in time, after at least one step', async () => {
  using replicas = await startReplicas(2);
  expect((await replicas.trainSlice(1000, 0)).losses).toHaveLength(1);
  const { losses } = await replicas.trainSlice(Infinity, 20);
  expect(losses.length).toBeGreaterThan(0);
});

describe('what cannot be is refused', () => {
  test.each([
    ['fewer streams than replicas', { config: { ...CONFIG, batchSize: 1 } }, 'INVALID_CONFIG'],
    ['a plateau schedule', { config: { ...CONFIG, schedule: { kind: 'plateau' } } }, 'INVALID_CONFIG'],
    ['a text that is too short', { data: 'short' }, 'TEXT_TOO_SHORT'],
    [
      'an engine that does not load elsewhere',
      { engineOptions: { wasmBinary: { main: new Uint8Array(8), deferred: new Uint8Array(8) } } },
      'NO_WASM',
    ],
  ] as const)('%s', async (_, options, code) => {
    const threads: FakeThread[] = [];
    const spawn = () => threads[threads.push(new FakeThread()) - 1]!;
    expect(await refusal(startReplicas(2, { ...options, spawn }))).toBe(code);
    expect(threads.every((thread) => thread.terminated)).toBe(true);
  });

  test('slices without sense, which change nothing', async () => {
    using replicas = await startReplicas(2);
    for (const [steps, ms] of [
      [NaN, 5],
      [0, 5],
      [5, NaN],
      [5, -1],
      [Infinity, Infinity],
    ] as const) {
      expect(await refusal(replicas.trainSlice(steps, ms))).toBe('INVALID_ARGUMENT');
    }
    expect((await replicas.trainSlice(1, Infinity)).step).toBe(1);
  });

  test('two calls at once', async () => {
    using replicas = await startReplicas(2);
    const first = replicas.trainSlice(3, Infinity);
    expect(await refusal(replicas.trainSlice(3, Infinity))).toBe('WRONG_STATE');
    expect(await refusal(replicas.rewind())).toBe('WRONG_STATE');
    expect((await first).step).toBe(3);
  });

  test('too few files, and the files of others', async () => {
    using replicas = await startReplicas(2);
    const files = await replicas.saveState();
    expect(await refusal(replicas.restoreState(files.slice(1)))).toBe('INVALID_ARGUMENT');
    expect(await refusal(replicas.restoreState(files.toReversed()))).toBe('INVALID_CONFIG');
    expect((await replicas.trainSlice(1, Infinity)).step).toBe(1);
    expect(await refusal(replicas.restoreState([files[0]!, files[0]!]))).toBe('INVALID_CONFIG');
    // Replica 0 went back and replica 1 did not: nothing may go on from there.
    expect(await refusal(replicas.trainSlice(1, Infinity))).toBe('INVALID_CONFIG');
  });
});

describe('a thread that dies is told of', () => {
  test('while the replicas start', async () => {
    const thread = new SilentThread();
    const started = startReplicas(2, { spawn: () => thread });
    thread.die('exit code 7');
    await expect(started).rejects.toThrow(/replica 1 .*exit code 7/);
  });

  test('in the middle of a slice, and to every call after', async () => {
    const threads: FakeThread[] = [];
    using replicas = await startReplicas(3, { spawn: () => threads[threads.push(new FakeThread()) - 1]! });
    const slice = replicas.trainSlice(Infinity, 60_000);
    setTimeout(() => threads[1]!.die('out of memory'), 20);
    expect(await refusal(slice)).toBe('ENGINE_STOPPED');
    expect(await refusal(replicas.trainSlice(1, 1))).toBe('ENGINE_STOPPED');
    expect(await refusal(replicas.fingerprints())).toBe('ENGINE_STOPPED');
  });

  test('and deleting ends a slice', async () => {
    const threads: FakeThread[] = [];
    const replicas = await startReplicas(2, { spawn: () => threads[threads.push(new FakeThread()) - 1]! });
    const slice = replicas.trainSlice(Infinity, 60_000);
    setTimeout(() => replicas.delete(), 20);
    expect(await refusal(slice)).toBe('DELETED');
    expect(threads[0]!.terminated).toBe(true);
    expect(replicas.trainer.deleted).toBe(true);
    replicas.delete();
  });
});

describe('replicas that start from a model', () => {
  test('start from its weights, and go on to the same bits from their states', async () => {
    using model = engine.createLanguageModel({
      hiddenSize: 11,
      numLayers: 2,
      seed: 4,
      vocabulary: 'zyxwvutsrqponmlkjihgfedcba .',
    });
    const start = () => startReplicas(2, { config: { ...CONFIG, model } });
    using replicas = await start();
    const initial = model.fingerprint();
    expect(await replicas.fingerprints()).toEqual([initial, initial]);
    await replicas.trainSlice(5, Infinity);
    const states = await replicas.saveState();
    await replicas.trainSlice(5, Infinity);
    using restored = await start();
    await restored.restoreState(states);
    await restored.trainSlice(5, Infinity);
    expect(await restored.fingerprints()).toEqual(await replicas.fingerprints());
  });
});

describe('the bound of the gradients', () => {
  test('changes in all replicas', async () => {
    using replicas = await startReplicas(3);
    using others = await startReplicas(3);
    await replicas.setClipping({ clipNorm: 0.01 });
    for (const own of [replicas, others]) await own.trainSlice(3, Infinity);
    const [first, ...rest] = await replicas.fingerprints();
    expect(rest).toEqual([first, first]);
    expect(await others.fingerprints()).not.toContain(first);
    await expect(replicas.setClipping({ clipNorm: -1 })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });
});

describe('replicas that fall silent', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** How a call ends while the test lets time go by. */
  async function whileTimePasses(call: Promise<unknown>, seconds: number): Promise<string> {
    let end = 'still waits';
    call.then(
      () => (end = 'done'),
      (error: UnrollError) => (end = error.code),
    );
    for (let i = 0; i < seconds && end === 'still waits'; ++i) {
      await vi.advanceTimersByTimeAsync(1000);
      // Messages come in tasks of their own.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return end;
  }

  test('as they start are given up after a minute or so', async () => {
    const threads: FakeThread[] = [];
    const spawn = () => threads[threads.push(new SilentThread()) - 1]!;
    const started = startReplicas(2, { spawn });
    expect(await whileTimePasses(started, 65)).toBe('still waits');
    expect(await whileTimePasses(started, 10)).toBe('ENGINE_STOPPED');
    expect(threads[0]!.terminated).toBe(true);
  });

  test('in the middle of training, and every call after is refused', async () => {
    const threads: DeafThread[] = [];
    using replicas = await startReplicas(3, { spawn: () => threads[threads.push(new DeafThread()) - 1]! });
    await replicas.trainSlice(3, Infinity);
    threads[1]!.fallSilent();
    const slice = replicas.trainSlice(3, Infinity);
    expect(await whileTimePasses(slice, 9)).toBe('still waits');
    expect(await whileTimePasses(slice, 4)).toBe('ENGINE_STOPPED');
    await expect(slice).rejects.toThrow('silent for 11 seconds');
    expect(await refusal(replicas.saveState())).toBe('ENGINE_STOPPED');
  });

  test('are waited for longer where a step takes long, and not missed when nothing is asked', async () => {
    const threads: DeafThread[] = [];
    using replicas = await startReplicas(2, { spawn: () => threads[threads.push(new DeafThread()) - 1]! });
    await replicas.trainSlice(1, Infinity);
    await vi.advanceTimersByTimeAsync(3600_000);
    await replicas.trainSlice(1, Infinity);
    const { shardGradients } = replicas.trainer;
    replicas.trainer.shardGradients = function (into) {
      vi.setSystemTime(Date.now() + 4000);
      vi.advanceTimersByTime(4000);
      return shardGradients.call(this, into);
    };
    threads[0]!.fallSilent();
    const slice = replicas.trainSlice(1, Infinity);
    expect(await whileTimePasses(slice, 45)).toBe('still waits');
    expect(await whileTimePasses(slice, 10)).toBe('ENGINE_STOPPED');
  });
});
