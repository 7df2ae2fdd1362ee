import { expect, test } from 'vitest';
import { PreparedText } from '../../web/engine/index.js';
import * as entry from '../../web/parallel/index.js';
import { Replicas } from '../../web/parallel/index.js';
import type { WorkersMeasure } from '../../web/parallel/index.js';
import { engine, SENTENCES } from '../engine/engine.js';
import { expectRefusals, methodsOf } from '../engine/hostile-calls.js';
import type { HostileCall } from '../engine/hostile-calls.js';
import { FakeThread } from './threads.js';

const config = {
  hiddenSize: 2,
  batchSize: 2,
  seqLen: 2,
  optimizer: { kind: 'sgd' as const },
  split: [0.8, 0.1, 0.1] as const,
};
const data = new PreparedText(SENTENCES);
const spawn = () => new FakeThread();
const options = { engine, config, data, count: 2, spawn, engineOptions: {} };
const { count: _, ...shared } = options;
const replicas = await Replicas.start(options);
const states = await replicas.saveState();
const place = { cores: 2, stepFlops: 1e9, limit: 2 };
const measured: WorkersMeasure = { workers: 2, aloneMs: 2, togetherMs: 1, ratio: 2 };
const measure = () => Promise.resolve(measured);
const odd = <Value>(it: Value): Value => it ?? (7 as Value);

const CALLS: Readonly<Record<string, HostileCall>> = {
  'Replicas.start(it)': [(it) => Replicas.start(it)],
  'Replicas.start({ engine: it })': [(it) => Replicas.start({ ...options, engine: it }), engine],
  'Replicas.start({ engineOptions: it })': [(it) => Replicas.start({ ...options, engineOptions: odd(it) })],
  'Replicas.start({ config: it })': [(it) => Replicas.start({ ...options, config: it }), config],
  'Replicas.start({ data: it })': [(it) => Replicas.start({ ...options, data: it }), data],
  'Replicas.start({ count: it })': [(it) => Replicas.start({ ...options, count: it }), 2],
  'Replicas.start({ spawn: it })': [(it) => Replicas.start({ ...options, spawn: it })],
  'Replicas.start({ spawn: () => it })': [(it) => Replicas.start({ ...options, spawn: () => it })],
  'Replicas.trainSlice(it)': [
    (it) => replicas.trainSlice(typeof it === 'number' ? (Math.min(it, 3) as never) : it, 1),
    1,
  ],
  'Replicas.trainSlice(…, it)': [(it) => replicas.trainSlice(1, it), 1],
  'Replicas.setLearningRate(it)': [(it) => replicas.setLearningRate(it), 0.1],
  'Replicas.setClipping(it)': [(it) => replicas.setClipping(odd(it)), { clipNorm: 1 }],
  'Replicas.saveState(it)': [(it) => replicas.saveState(odd(it)), new Map([['a', 'b']])],
  'Replicas.restoreState(it)': [(it) => replicas.restoreState(it)],
  'sameEngine(it)': [(it) => entry.sameEngine(it), engine],
  'chooseWorkers(it)': [(it) => entry.chooseWorkers(it, place, measure), shared],
  'chooseWorkers(…, it)': [(it) => entry.chooseWorkers(shared, it, measure), place],
  'chooseWorkers(…, …, it)': [(it) => entry.chooseWorkers(shared, place, odd(it))],
  'measureWorkers(it)': [(it) => entry.measureWorkers(it)],
};

const NOTHING_TO_TAKE = ['rewind', 'fingerprints', 'delete', 'spawnInNode'];

test('every function and method is in the table', () => {
  const functions = Object.entries(entry).filter(([, value]) => typeof value === 'function');
  const names = functions.map(([name]) => name).filter((name) => name !== 'Replicas');
  const wanted = [...names, ...methodsOf(Replicas).map((name) => `Replicas.${name}`)].filter(
    (name) => !NOTHING_TO_TAKE.includes(name.split('.').at(-1)!),
  );
  expect(wanted.length).toBeGreaterThan(8);
  expect(wanted.filter((name) => !Object.keys(CALLS).some((label) => label.startsWith(`${name}(`)))).toEqual([]);
});

test.each(Object.entries(CALLS))('%s is refused with a sentence, or harmless', async (_, call) => {
  await expectRefusals(call);
  await replicas.setClipping({ clipNorm: 5 });
  await replicas.restoreState(states);
  await replicas.trainSlice(2, Infinity);
  const [first, second] = await replicas.fingerprints();
  expect(second).toBe(first);
});

test('all replicas get the configuration that was read, once', async () => {
  let asked = 0;
  const changing = Object.defineProperty({ ...config }, 'seqLen', { enumerable: true, get: () => 2 + asked++ });
  using made = await Replicas.start({ ...options, config: changing });
  await made.trainSlice(2, Infinity);
  const [first, second] = await made.fingerprints();
  expect(asked).toBe(1);
  expect(second).toBe(first);
});

test.each([7, null, {}, { ...measured, ratio: '2' }])('a measurement of %j is none', async (it) => {
  await expect(entry.chooseWorkers(shared, place, () => Promise.resolve(it as never))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
});

test('a thread that cannot be had leaves nothing behind', async () => {
  const before = engine.liveObjects();
  const threads: FakeThread[] = [];
  const dying = () => {
    if (threads.length === 1) throw new Error('no more threads');
    return threads[threads.push(new FakeThread()) - 1]!;
  };
  await expect(
    Replicas.start({ ...options, config: { ...config, batchSize: 3 }, count: 3, spawn: dying }),
  ).rejects.toThrow('no more threads');
  expect(threads.map(({ terminated }) => terminated)).toEqual([true]);
  expect(engine.liveObjects()).toBe(before);
});
