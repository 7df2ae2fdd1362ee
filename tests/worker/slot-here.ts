import { readFile } from 'node:fs/promises';
import { vi } from 'vitest';
import { createEngine } from '../../web/engine/index.js';
import { DEFAULTS } from '../../web/links/index.js';
import type { LanguageConfig, RunConfig } from '../../web/links/index.js';
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
import { DataCache } from '../../web/worker/data-cache.js';

/** A run that is over in a moment. */
export const SMALL_RUN: LanguageConfig = {
  ...DEFAULTS,
  text: 'counting',
  hiddenSize: 12,
  batchSize: 8,
  seqLen: 16,
  steps: 60,
  evalEvery: 20,
};

/** A page draws at the next turn. */
export function stubFrames(): void {
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setImmediate(callback));
  vi.stubGlobal('cancelAnimationFrame', (frame: NodeJS.Immediate) => clearImmediate(frame));
}

/** A training worker that lives in this thread, and can be made to die. */
export interface WorkerHere extends WorkerPort {
  die(): void;
}

/** @param pass what the page gets to hear of a message, in place of it */
export function workerHere(pass: (message: FromWorker) => FromWorker | null = (message) => message): WorkerHere {
  const listeners: ((event: { data: FromWorker }) => void)[] = [];
  const deaths: (() => void)[] = [];
  const say = (data: FromWorker): void => {
    const heard = pass(data);
    if (heard !== null) queueMicrotask(() => listeners.forEach((listener) => listener({ data: heard })));
  };
  const session = new Session({
    engines: new Engines(() => createEngine()),
    data: new DataCache((name) => readFile(new URL(`../../web/corpora/texts/${name}`, import.meta.url))),
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
    addEventListener: (type: string, listener: never) => void (type === 'message' ? listeners : deaths).push(listener),
    terminate: () => undefined,
    die: () => deaths.forEach((listener) => listener()),
  };
}

/** A slot of the page with all that keeps it, and a worker of its own. */
export function makeSlot<Config extends RunConfig>(config: Config, makeWorker: () => WorkerPort = workerHere) {
  const slot = createSlot(config);
  const clock: ProgressClock<Config> = new ProgressClock(slot, (progress, further) =>
    recovery.drawn(progress, further),
  );
  const client = new TrainingClient({
    makeWorker,
    onProgress: (progress) => clock.receive(progress),
    onMended: () => undefined,
    onDeath: () => recovery.died(),
    onReplaced: () => recovery.replaced(),
  });
  const texts = new OwnTexts(client, () => []);
  const recovery: Recovery<Config> = new Recovery(slot, client, clock, texts);
  clock.connect(client);
  return { slot, keeper: new RunKeeper(slot, client, clock, recovery, texts) };
}
