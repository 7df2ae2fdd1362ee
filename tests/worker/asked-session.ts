import { readFile } from 'node:fs/promises';
import type { Engine } from '../../web/engine/index.js';
import { makeYield } from '../../web/worker/yield.js';
import { answer } from '../../web/worker/dispatch.js';
import { Engines } from '../../web/worker/engines.js';
import type { WantedBuild } from '../../web/worker/engines.js';
import type { FromWorker, Progress, RequestKind, Requests } from '../../web/worker/protocol.js';
import { Session } from '../../web/worker/session.js';
import { SeveralWorkers } from '../../web/worker/several-workers.js';
import { TextCache } from '../../web/worker/text-cache.js';
import { FakeThread } from '../parallel/threads.js';

/** A session with real engines, which is asked as the page asks it; batches count as drawn at once. */
export function makeSession(makeEngine: (build: WantedBuild) => Promise<Engine>) {
  const said: FromWorker[] = [];
  const batches: Progress[] = [];
  const threads: FakeThread[] = [];
  const session = new Session({
    engines: new Engines(makeEngine),
    texts: new TextCache((name) => readFile(new URL(`../../web/corpora/texts/${name}`, import.meta.url))),
    send: (message) => {
      said.push(message);
      if (message.kind !== 'progress') return;
      batches.push(message);
      queueMicrotask(() => session.drawn());
    },
    severalWorkers: async () => new SeveralWorkers(() => threads[threads.push(new FakeThread()) - 1]!, 2),
    yieldToEvents: makeYield(),
    now: () => performance.now(),
  });
  let lastId = 0;
  const ask = async <K extends RequestKind>(kind: K, args: Requests[K]['args']): Promise<Requests[K]['value']> => {
    const request = { kind, id: ++lastId, args } as Parameters<typeof answer>[1];
    const { answer: answered } = await answer(session, request);
    if (answered.kind === 'ok') return answered.value as Requests[K]['value'];
    throw Object.assign(new Error(answered.kind === 'error' ? answered.message : 'cancelled'), answered);
  };
  return { ask, batches, said, threads };
}
