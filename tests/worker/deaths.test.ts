import { beforeEach, expect, test, vi } from 'vitest';
import type { FromWorker } from '../../web/worker/protocol.js';
import { makeSlot, SMALL_RUN, stubFrames, workerHere } from './slot-here.js';
import type { WorkerHere } from './slot-here.js';

beforeEach(stubFrames);

/** A slot whose workers can be made to die one after the other. */
function mortal(pass: (message: FromWorker) => FromWorker | null) {
  const workers: WorkerHere[] = [];
  const made = makeSlot(SMALL_RUN, () => {
    workers.push(workerHere(pass));
    return workers.at(-1)!;
  });
  return { ...made, workers };
}

async function undisturbed(): Promise<string> {
  const { slot, keeper } = makeSlot(SMALL_RUN);
  await keeper.prepare();
  await keeper.train();
  return slot.view.value!.result!.fingerprint;
}

test('workers that die again and again, each a step further and before its first checkpoint, are replaced', async () => {
  const { slot, keeper, workers } = mortal((message) =>
    message.kind === 'progress' ? { ...message, checkpoint: null } : message,
  );
  await keeper.prepare();
  for (const step of [1, 2, 3, 4, 5]) {
    await keeper.stepOnce();
    expect(slot.step.value).toBe(step);
    workers.at(-1)!.die();
  }
  expect(workers).toHaveLength(6);
  expect(slot.errors.value).toEqual({});
  await keeper.train();
  expect(slot.view.value!.result!.fingerprint).toBe(await undisturbed());
});

test('workers that die again and again where they are stop the page with a sentence', async () => {
  const { slot, keeper, workers } = mortal((message) => message);
  await keeper.prepare();
  await keeper.stepOnce();
  for (const _ of [1, 2, 3]) workers.at(-1)!.die();
  expect(workers).toHaveLength(3);
  expect(slot.errors.value.training).toContain('stopped three times');
  await keeper.train();
  expect(slot.view.value!.result!.fingerprint).toBe(await undisturbed());
});

test('a worker that dies between its answer and the batch that was to come before it leaves nobody waiting', async () => {
  let isLost = true;
  const { slot, keeper, workers } = mortal((message) =>
    isLost && message.kind === 'progress' && message.checkpoint !== null ? null : message,
  );
  await keeper.prepare();
  const stepped = keeper.stepOnce();
  await vi.waitFor(() => expect(slot.step.value).toBe(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(slot.state.value.is).toBe('training');
  isLost = false;
  workers.at(-1)!.die();
  await stepped;
  expect(slot.state.value.is).toBe('idle');
  await keeper.train();
  expect(slot.view.value!.result!.fingerprint).toBe(await undisturbed());
});

test('a network that was refused for the deaths of its workers says nothing more once there is another', async () => {
  let isDeaf = false;
  const { slot, keeper, workers } = mortal((message) => (isDeaf ? null : message));
  await keeper.prepare();
  isDeaf = true;
  const refused = keeper.prepare();
  for (const _ of [1, 2, 3]) workers.at(-1)!.die();
  await vi.waitFor(() => expect(slot.state.value).toEqual({ is: 'failed', why: 'refused' }));
  isDeaf = false;
  await keeper.prepare();
  await refused;
  expect(slot.state.value).toEqual({ is: 'idle' });
  expect(slot.errors.value).toEqual({});
});
