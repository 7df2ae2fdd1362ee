import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEFAULTS } from '../../web/links/index.js';
import { RequestCancelled, RequestError, TrainingClient, WORKER_STOPPED } from '../../web/worker/client.js';
import type { WorkerPort } from '../../web/worker/client.js';
import type { FromWorker, Progress, Resumed, ToWorker } from '../../web/worker/protocol.js';

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

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** @param goesOn whether another worker takes over after a death */
function setUp({ goesOn = true, onReplaced = () => undefined as unknown } = {}) {
  const workers: FakeWorker[] = [];
  const progress: Progress[] = [];
  let deaths = 0;
  let mended = 0;
  const client: TrainingClient = new TrainingClient({
    makeWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    onProgress: (batch) => progress.push(batch),
    onMended: () => ++mended,
    onDeath: () => {
      ++deaths;
      return goesOn;
    },
    onReplaced: () => void onReplaced(),
  });
  return { client, workers, progress, deaths: () => deaths, mended: () => mended };
}

/** What a worker has got, without the questions whether it is alive. */
const requestsTo = (worker: FakeWorker) => worker.received.filter(({ kind }) => kind !== 'ping');

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
  workers[0]!.say({ kind: 'error', id: cancelled.id, code: 'CANCELLED', message: '' });
  await expect(refused.answer).rejects.toMatchObject(new RequestError('TOO_BIG', 'too big'));
  await expect(cancelled.answer).rejects.toBeInstanceOf(RequestCancelled);
});

test('a worker that dies is replaced at once, and whoever waits for an answer waits on', async () => {
  const { client, workers, progress, deaths } = setUp();
  const first = client.send('train', {});
  const second = client.send('pause', {});
  workers[0]!.die();
  workers[0]!.die();
  expect(deaths()).toBe(1);
  expect(workers[0]!.terminated).toBe(true);
  expect(workers).toHaveLength(2);
  expect(requestsTo(workers[1]!)).toEqual(requestsTo(workers[0]!));

  // What the dead one still had under way is not mistaken for the new one's.
  workers[0]!.say({ kind: 'progress' } as Progress);
  workers[0]!.say({ kind: 'error', id: first.id, code: 'INTERNAL', message: 'too late' });
  workers[1]!.say({ kind: 'ok', id: second.id, value: null });
  workers[1]!.say({ kind: 'error', id: first.id, code: 'CANCELLED', message: '' });
  expect(await second.answer).toBeNull();
  await expect(first.answer).rejects.toBeInstanceOf(RequestCancelled);
  expect(progress).toEqual([]);
});

test('another worker is told first what there was, which is not repeated to a third', async () => {
  const { client, workers } = setUp({
    onReplaced: () => client.request('resume', {} as Resumed).catch((error: unknown) => errors.push(error)),
  });
  const errors: unknown[] = [];
  client.send('train', {}).answer.catch(() => undefined);
  expect(requestsTo(workers[0]!).map(({ kind }) => kind)).toEqual(['train']);
  workers[0]!.die();
  expect(requestsTo(workers[1]!).map(({ kind }) => kind)).toEqual(['resume', 'train']);
  workers[1]!.die();
  expect(requestsTo(workers[2]!).map(({ kind }) => kind)).toEqual(['resume', 'train']);
  await Promise.resolve();
  await Promise.resolve();
  expect(errors).toEqual([expect.any(RequestCancelled)]);
});

test('when no other is to take over, what is open is refused, and the next request starts one', async () => {
  let replaced = 0;
  const { client, workers } = setUp({ goesOn: false, onReplaced: () => ++replaced });
  const open = client.send('train', {});
  workers[0]!.die();
  await expect(open.answer).rejects.toMatchObject({ name: 'RequestError', code: WORKER_STOPPED });
  expect(workers).toHaveLength(1);
  client.send('train', {}).answer.catch(() => undefined);
  expect(workers).toHaveLength(2);
  expect(replaced).toBe(1);
});

describe('a worker that is silent', () => {
  const alive = (worker: FakeWorker): void => worker.say({ kind: 'pong' });

  test('is replaced after five seconds, also when nothing was asked of it', () => {
    const { client, workers, deaths } = setUp();
    void client.wake();
    workers[0]!.say({ kind: 'awake' });
    vi.advanceTimersByTime(4900);
    expect(deaths()).toBe(0);
    expect(workers[0]!.received.at(-1)).toEqual({ kind: 'ping' });
    vi.advanceTimersByTime(200);
    expect(deaths()).toBe(1);
    expect(workers).toHaveLength(2);
    expect(workers[0]!.terminated).toBe(true);
  });

  test('is not when it answers, or says anything else', () => {
    const { client, workers, deaths } = setUp();
    client.send('train', {}).answer.catch(() => undefined);
    for (let i = 0; i < 20; ++i) {
      if (i % 2 === 0) alive(workers[0]!);
      else workers[0]!.say({ kind: 'progress' } as Progress);
      vi.advanceTimersByTime(3500);
    }
    expect(deaths()).toBe(0);
  });

  test('is not while its script is on the way, however slow that is', () => {
    const { client, workers, deaths } = setUp();
    client.send('plan', { config: { ...DEFAULTS, text: 'moby-dick' } }).answer.catch(() => undefined);
    vi.advanceTimersByTime(600_000);
    expect(deaths()).toBe(0);
    expect(workers).toHaveLength(1);
  });

  test('is waited for as long as it has said, and no longer', () => {
    const { client, workers, deaths } = setUp();
    client.send('train', {}).answer.catch(() => undefined);
    workers[0]!.say({ kind: 'busy', ms: 90_000 });
    vi.advanceTimersByTime(94_000);
    expect(deaths()).toBe(0);
    alive(workers[0]!);
    vi.advanceTimersByTime(94_000);
    expect(deaths()).toBe(0);
    workers[0]!.say({ kind: 'busy', ms: 0 });
    vi.advanceTimersByTime(5100);
    expect(deaths()).toBe(1);
  });

  test('is not when the machine has slept, or the timers of a hidden page come once a minute', () => {
    const { client, workers, deaths } = setUp();
    client.send('train', {}).answer.catch(() => undefined);
    alive(workers[0]!);
    vi.advanceTimersByTime(2500);
    // Hours go by in which nobody runs; then one timer that was due comes before the worker's answer.
    vi.setSystemTime(Date.now() + 8 * 3600_000);
    vi.advanceTimersToNextTimer();
    expect(deaths()).toBe(0);
    alive(workers[0]!);
    vi.advanceTimersByTime(3500);
    expect(deaths()).toBe(0);
  });

  test('is asked no more when it is dead', () => {
    const { client, workers } = setUp();
    void client.wake();
    workers[0]!.say({ kind: 'awake' });
    workers[0]!.die();
    const asked = workers[0]!.received.length;
    vi.advanceTimersByTime(60_000);
    expect(workers[0]!.received).toHaveLength(asked);
    // Of the second not a word has come.
    expect(workers).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('that an engine was replaced is passed on', () => {
  const { client, workers, mended } = setUp();
  void client.wake();
  workers[0]!.say({ kind: 'mended' });
  expect(mended()).toBe(1);
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
  expect(isAwake).toBe(true);
});
