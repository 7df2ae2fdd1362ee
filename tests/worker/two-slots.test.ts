import { readFile } from 'node:fs/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { RunConfig } from '../../web/links/index.js';
import { ProgressClock } from '../../web/page/runs/progress-clock.js';
import { Recovery } from '../../web/page/runs/recovery.js';
import { RunKeeper } from '../../web/page/runs/run-keeper.js';
import { createSlot } from '../../web/page/runs/slot.js';
import { answer } from '../../web/worker/answer.js';
import { TrainingClient } from '../../web/worker/client.js';
import type { WorkerPort } from '../../web/worker/client.js';
import { Engines } from '../../web/worker/engines.js';
import { OwnTexts } from '../../web/worker/own-texts.js';
import type { FromWorker, ToWorker } from '../../web/worker/protocol.js';
import { Session } from '../../web/worker/session.js';
import { TextCache } from '../../web/worker/text-cache.js';

const CONFIG: RunConfig = { ...DEFAULTS, text: 'counting', hidden: 12, batch: 8, seq: 16, steps: 60, evalEvery: 20 };

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setImmediate(callback));
  vi.stubGlobal('cancelAnimationFrame', (frame: NodeJS.Immediate) => clearImmediate(frame));
});

/** A training worker that lives in this thread. */
function workerHere(): WorkerPort {
  const listeners: ((event: { data: FromWorker }) => void)[] = [];
  const say = (data: FromWorker): void => queueMicrotask(() => listeners.forEach((listener) => listener({ data })));
  const session = new Session({
    engines: new Engines(() => createEngine()),
    texts: new TextCache((name) => readFile(new URL(`../../web/corpora/texts/${name}`, import.meta.url))),
    severalWorkers: () => Promise.reject(new Error('one worker each')),
    send: say,
    // Node takes messages of a port up to a thousand at a time, and the other slot would wait for as many slices.
    yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
    now: () => performance.now(),
  });
  const receive = async (message: ToWorker): Promise<void> => {
    if (message.kind === 'drawn') session.drawn();
    else if (message.kind !== 'ping') say((await answer(session, message)).answer);
  };
  return {
    postMessage: (message) => void receive(message),
    addEventListener: (type: string, listener: never) => void (type === 'message' && listeners.push(listener)),
    terminate: () => undefined,
  };
}

/** A slot of the page with all that keeps it, and a worker of its own. */
function makeSlot(config: RunConfig) {
  const slot = createSlot();
  slot.config.value = config;
  const clock: ProgressClock = new ProgressClock(slot, (progress, further) => recovery.drawn(progress, further));
  const client = new TrainingClient({
    makeWorker: workerHere,
    onProgress: (progress) => clock.receive(progress),
    onMended: () => undefined,
    onDeath: () => false,
    onReplaced: () => undefined,
  });
  const texts = new OwnTexts(client, () => []);
  const recovery: Recovery = new Recovery(slot, client, clock, texts);
  clock.connect(client);
  return { slot, keeper: new RunKeeper(slot, client, clock, recovery, texts) };
}

async function alone(config: RunConfig): Promise<string> {
  const { slot, keeper } = makeSlot(config);
  await keeper.prepare();
  await keeper.train();
  return slot.view.value!.result!.fingerprint;
}

test('two slots train side by side, each to what it comes to alone', async () => {
  const lstm = makeSlot(CONFIG);
  const gru = makeSlot({ ...CONFIG, cell: 'gru' });
  await Promise.all([lstm.keeper.prepare(), gru.keeper.prepare()]);
  expect([lstm, gru].map(({ slot }) => slot.state.value.is)).toEqual(['idle', 'idle']);

  const training = [lstm.keeper.train(), gru.keeper.train()];
  await vi.waitFor(() => expect([lstm, gru].map(({ slot }) => slot.state.value.is)).toEqual(['training', 'training']));
  await Promise.all(training);
  expect([lstm, gru].map(({ slot }) => slot.state.value.is)).toEqual(['done', 'done']);
  const [first, second] = [lstm, gru].map(({ slot }) => slot.view.value!);
  expect(first!.evaluations.map(({ step }) => step)).toEqual([0, 20, 40, 60]);
  expect(first!.result!.fingerprint).toBe(await alone(CONFIG));
  expect(second!.result!.fingerprint).toBe(await alone({ ...CONFIG, cell: 'gru' }));
  expect(first!.result!.fingerprint).not.toBe(second!.result!.fingerprint);
});

test('one is rewound and refused while the other goes on', async () => {
  const going = makeSlot({ ...CONFIG, steps: 1_000_000, evalEvery: 0 });
  const other = makeSlot(CONFIG);
  await Promise.all([going.keeper.prepare(), other.keeper.prepare()]);
  const training = going.keeper.train();
  await other.keeper.stepOnce();
  expect(other.slot.step.value).toBe(1);
  await other.keeper.rewind();
  other.slot.config.value = { ...CONFIG, batch: 256, seq: 1024 };
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
