import { expect, test } from 'vitest';
import { DEFAULTS } from '../../links/run-config.js';
import { RequestCancelled, RequestError } from '../../worker/client.js';
import type { TrainingClient } from '../../worker/client.js';
import type { OwnTexts } from '../../worker/own-texts.js';
import { createSlot } from './slot.js';
import type { ProgressClock } from './progress-clock.js';
import type { Recovery } from './recovery.js';
import { RunKeeper } from './run-keeper.js';

/** Presses Pause during training while the worker answers so. */
async function pauseWith(answer: Promise<unknown>) {
  const slot = createSlot(DEFAULTS);
  const client = { request: () => answer } as unknown as TrainingClient;
  const keeper = new RunKeeper(slot, client, {} as ProgressClock, {} as Recovery, {} as OwnTexts);
  slot.become({ is: 'idle' });
  slot.become({ is: 'training', until: Infinity });
  const pause = keeper.pause();
  expect(slot.state.value).toEqual({ is: 'pausing' });
  await pause;
  return { is: slot.state.value.is, errors: slot.errors.value };
}

test('a pause that the worker takes leaves the last word to the training that ends', async () => {
  expect(await pauseWith(Promise.resolve(null))).toEqual({ is: 'pausing', errors: {} });
});

test('a pause that fails is said, and training goes on: it can be pressed again', async () => {
  const failed = Promise.reject(new RequestError('INTERNAL', 'Session: out of order'));
  expect(await pauseWith(failed)).toEqual({ is: 'training', errors: { training: 'Out of order.' } });
});

test('a pause whose worker died says nothing: the death has been told', async () => {
  expect(await pauseWith(Promise.reject(new RequestCancelled()))).toEqual({ is: 'training', errors: {} });
});
