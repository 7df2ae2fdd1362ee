import { expect, test } from 'vitest';
import { SENTENCES } from '../engine/engine.js';
import { CONFIG, startReplicas } from './threads.js';

/** The package as it was built: threads need files that Node can load. */
const load = (entry: string): Promise<unknown> =>
  import(/* @vite-ignore */ new URL(`../../build/lib/${entry}`, import.meta.url).href);
const { createEngine } = (await load('engine/index.js')) as typeof import('../../web/engine/index.js');
const { measureWorkers, Replicas, spawnInNode } = (await load(
  'parallel/index.js',
)) as typeof import('../../web/parallel/index.js');

const engine = await createEngine();
const options = { engine, config: CONFIG, data: SENTENCES, spawn: spawnInNode };

test.each([2, 3])('%i threads come to the bits that the same replicas reach in one', async (count) => {
  using expected = await startReplicas(count);
  await expected.trainSlice(25, Infinity);
  using threads = await Replicas.start({ ...options, count });
  for (const steps of [1, 4, 20]) await threads.trainSlice(steps, Infinity);
  expect(await threads.fingerprints()).toEqual(await expected.fingerprints());
});

test('a thread that ends in the middle of a slice is told of', async () => {
  const spawned: ReturnType<typeof spawnInNode>[] = [];
  using replicas = await Replicas.start({
    ...options,
    count: 2,
    spawn: () => spawned[spawned.push(spawnInNode()) - 1]!,
  });
  const slice = replicas.trainSlice(Infinity, 60_000);
  setTimeout(() => spawned[0]!.terminate(), 50);
  await expect(slice).rejects.toThrow(/^Replicas: the thread of replica 1 of 0 to 1 has ended \(exit code 1\)/);
});

test('a measurement takes real threads', async () => {
  const { togetherMs, ratio } = await measureWorkers({ ...options, count: 2 });
  expect(togetherMs).toBeGreaterThan(0);
  expect(ratio).toBeGreaterThan(0);
});
