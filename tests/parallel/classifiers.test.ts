import { expect, test } from 'vitest';
import type { ClassifierTrainerConfig } from '../../web/engine/index.js';
import { LabelledTexts } from '../../web/engine/sequences.js';
import type { ClassifierTrainer } from '../../web/engine/sequences.js';
import { Replicas } from '../../web/parallel/index.js';
import { engine } from '../engine/engine.js';
import { FakeThread } from './threads.js';

const TEXTS = Array.from({ length: 90 }, (_, i) => `${'ab'.repeat(i % 5)}${i % 3 === 0 ? 'b' : 'a'}`);
const DATA = new LabelledTexts({
  texts: TEXTS,
  labels: TEXTS.map((text) => Number(text.endsWith('b'))),
  classes: ['a', 'b'],
});

/** Dropout, and a last batch of two: 81 lines in batches of seven are eleven and four more. */
const CONFIG: ClassifierTrainerConfig = { cell: 'gru', hiddenSize: 6, numLayers: 2, dropout: 0.2, batchSize: 7 };

const start = (count: number, config: ClassifierTrainerConfig = CONFIG): Promise<Replicas<ClassifierTrainer>> =>
  Replicas.start<ClassifierTrainer>({ engine, config, data: DATA, count, spawn: () => new FakeThread() });

test.each([2, 5])('%i replicas train a classifier to the same bits, in whatever slices', async (count) => {
  using straight = await start(count);
  using sliced = await start(count);
  await straight.trainSlice(30, Infinity);
  for (const steps of [1, 2, 27]) await sliced.trainSlice(steps, Infinity);
  const reached = new Set([...(await straight.fingerprints()), ...(await sliced.fingerprints())]);
  expect(reached.size).toBe(1);
});

test('as one does, to rounding', async () => {
  const config = { ...CONFIG, dropout: 0 };
  using alone = engine.createTrainer(config, DATA);
  using replicas = await start(3, config);
  const expected = alone.train(30);
  const { losses, epoch } = await replicas.trainSlice(30, Infinity);
  expect(epoch).toBe(expected.epoch);
  losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i]!)).toBeLessThan(1e-4));
});

test('from saved states and from a classifier', async () => {
  using straight = await start(2);
  await straight.trainSlice(17, Infinity);
  const files = await straight.saveState();
  await straight.trainSlice(15, Infinity);
  using resumed = await start(2);
  await resumed.restoreState(files);
  await resumed.trainSlice(15, Infinity);
  expect(await resumed.fingerprints()).toEqual(await straight.fingerprints());

  using model = straight.trainer.model();
  using next = await start(2, { ...CONFIG, model });
  expect(new Set(await next.fingerprints())).toEqual(new Set([model.fingerprint()]));
});
