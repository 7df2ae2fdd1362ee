import { expect, test } from 'vitest';
import { RequestCancelled, RequestError, TrainingClient } from '../../web/worker/client.js';
import type { WorkerPort } from '../../web/worker/client.js';
import type { FromWorker, Progress, ToWorker } from '../../web/worker/protocol.js';

/** A worker in the same thread, driven by the test. */
class FakeWorker implements WorkerPort {
  readonly received: ToWorker[] = [];
  terminated = false;
  readonly #listeners: Record<string, ((event: { data: FromWorker }) => void)[]> = {};

  postMessage(message: ToWorker): void {
    this.received.push(message);
  }
  addEventListener(type: string, listener: (event: { data: FromWorker }) => void): void {
    (this.#listeners[type] ??= []).push(listener);
  }
  terminate(): void {
    this.terminated = true;
  }
  say(data: FromWorker): void {
    for (const listener of this.#listeners['message'] ?? []) listener({ data });
  }
  die(): void {
    for (const listener of this.#listeners['error'] ?? []) listener({ data: undefined as unknown as FromWorker });
  }
}

function setUp() {
  const workers: FakeWorker[] = [];
  const progress: Progress[] = [];
  let deaths = 0;
  const client = new TrainingClient({
    makeWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    onProgress: (batch) => progress.push(batch),
    onDeath: () => ++deaths,
  });
  return { client, workers, progress, deaths: () => deaths };
}

test('answers find their requests by id, in any order', async () => {
  const { client, workers } = setUp();
  const first = client.send('pause', {});
  const second = client.send('rewind', {});
  workers[0]!.say({ kind: 'ok', id: second.id, value: { sample: { step: 0, text: 'x' } } });
  workers[0]!.say({ kind: 'ok', id: first.id, value: null });
  expect(await first.answer).toBeNull();
  expect(await second.answer).toEqual({ sample: { step: 0, text: 'x' } });
  expect(workers).toHaveLength(1);
});

test('a refusal carries its code, a cancellation is told apart', async () => {
  const { client, workers } = setUp();
  const refused = client.send('train', {});
  const cancelled = client.send('train', {});
  workers[0]!.say({ kind: 'error', id: refused.id, code: 'TOO_BIG', message: 'too big' });
  workers[0]!.say({ kind: 'cancelled', id: cancelled.id });
  await expect(refused.answer).rejects.toMatchObject(new RequestError('TOO_BIG', 'too big'));
  await expect(cancelled.answer).rejects.toBeInstanceOf(RequestCancelled);
});

test('a dead worker cancels what was open, is told once, and is replaced at the next request', async () => {
  const { client, workers, progress, deaths } = setUp();
  const open = client.send('train', {});
  workers[0]!.die();
  await expect(open.answer).rejects.toBeInstanceOf(RequestCancelled);
  workers[0]!.die();
  expect(deaths()).toBe(1);
  expect(workers[0]!.terminated).toBe(true);

  const next = client.send('pause', {});
  expect(workers).toHaveLength(2);
  // What the dead one still had under way is not mistaken for the new one's.
  workers[0]!.say({ kind: 'progress' } as Progress);
  workers[1]!.say({ kind: 'ok', id: next.id, value: null });
  expect(await next.answer).toBeNull();
  expect(progress).toEqual([]);
});

test('"drawn" goes to the worker without waiting for an answer', () => {
  const { client, workers } = setUp();
  client.drawn();
  expect(workers).toHaveLength(0);
  client.send('pause', {}).answer.catch(() => undefined);
  client.drawn();
  expect(workers[0]!.received.at(-1)).toEqual({ kind: 'drawn' });
});

test.each([
  ['says its first word', (worker: FakeWorker) => worker.say({ kind: 'awake' })],
  ['dies', (worker: FakeWorker) => worker.die()],
])('waking ends when the worker %s', async (_how, act) => {
  const { client, workers } = setUp();
  let isAwake = false;
  const woken = client.wake().then(() => (isAwake = true));
  await Promise.resolve();
  expect(isAwake).toBe(false);
  act(workers[0]!);
  await woken;
  expect(workers).toHaveLength(1);
});
