import { beforeEach, expect, test, vi } from 'vitest';
import { defaultsOf } from '../../web/links/index.js';
import type { RunConfig } from '../../web/links/index.js';
import { makeSlot, SMALL_RUN, stubFrames } from './slot-here.js';

beforeEach(stubFrames);

async function alone(config: RunConfig): Promise<string> {
  const { slot, keeper } = makeSlot(config);
  await keeper.prepare();
  await keeper.train();
  return slot.view.value!.result!.fingerprint;
}

test('two slots train side by side, each to what it comes to alone', async () => {
  const lstm = makeSlot(SMALL_RUN);
  const gru = makeSlot({ ...SMALL_RUN, cell: 'gru' });
  await Promise.all([lstm.keeper.prepare(), gru.keeper.prepare()]);
  expect([lstm, gru].map(({ slot }) => slot.state.value.is)).toEqual(['idle', 'idle']);

  const training = [lstm.keeper.train(), gru.keeper.train()];
  await vi.waitFor(() => expect([lstm, gru].map(({ slot }) => slot.state.value.is)).toEqual(['training', 'training']));
  await Promise.all(training);
  expect([lstm, gru].map(({ slot }) => slot.state.value.is)).toEqual(['done', 'done']);
  const [first, second] = [lstm, gru].map(({ slot }) => slot.view.value!);
  expect(first!.evaluations.map(({ step }) => step)).toEqual([0, 20, 40, 60]);
  expect(first!.result!.fingerprint).toBe(await alone(SMALL_RUN));
  expect(second!.result!.fingerprint).toBe(await alone({ ...SMALL_RUN, cell: 'gru' }));
  expect(first!.result!.fingerprint).not.toBe(second!.result!.fingerprint);
});

test('one is rewound and refused while the other goes on', async () => {
  const going = makeSlot({ ...SMALL_RUN, steps: 1_000_000, evalEvery: 0 });
  const other = makeSlot(SMALL_RUN);
  await Promise.all([going.keeper.prepare(), other.keeper.prepare()]);
  const training = going.keeper.train();
  await other.keeper.stepOnce();
  expect(other.slot.step.value).toBe(1);
  await other.keeper.rewind();
  other.slot.config.value = { ...SMALL_RUN, batchSize: 256, seqLen: 1024 };
  await other.keeper.prepare();
  expect(other.slot.state.value).toEqual({ is: 'failed', why: 'refused' });
  expect(other.slot.errors.value.training).toMatch(/too short|needs/i);
  expect(going.slot.errors.value).toEqual({});
  expect(going.slot.state.value.is).toBe('training');
  await going.keeper.pause();
  await training;
  expect(going.slot.state.value.is).toBe('idle');
  expect(going.slot.step.value).toBeGreaterThan(0);
});

test('a slot trains whatever task: a classifier beside a language model', async () => {
  const config = { ...defaultsOf('classify'), hidden: 8, steps: 40, evalEvery: 20, sampleEvery: 20 };
  const [names, text] = [makeSlot<RunConfig>(config), makeSlot<RunConfig>(SMALL_RUN)];
  await Promise.all([names.keeper.prepare(), text.keeper.prepare()]);
  expect(names.slot.run.value!.excerpt).toMatch(/^Aaren\nAarika\n/);
  await names.keeper.stepOnce();
  expect(names.slot.step.value).toBe(1);
  await names.keeper.rewind();
  await Promise.all([names.keeper.train(), text.keeper.train()]);
  const { evaluations, samples, result } = names.slot.view.value!;
  expect(evaluations.map(({ step }) => step)).toEqual([0, 20, 40]);
  expect(samples.at(-1)!.text).toMatch(/^Ada: (fe)?male \d+ %, Otto: /);
  expect(result!.testMeasures['accuracy']).toBeGreaterThan(0.6);
  expect(result!.fingerprint).toBe(await alone(config));
  expect(text.slot.view.value!.result!.fingerprint).toBe(await alone(SMALL_RUN));
});
