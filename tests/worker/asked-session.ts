import { readFile } from 'node:fs/promises';
import type { Engine } from '../../web/engine/index.js';
import type { LanguageConfig } from '../../web/links/index.js';
import { makeYield } from '../../web/worker/yield.js';
import { answer } from '../../web/worker/answer.js';
import type { TrainingClient } from '../../web/worker/client.js';
import { Engines } from '../../web/worker/engines.js';
import type { WantedBuild } from '../../web/worker/engines.js';
import type { FromWorker, Progress } from '../../web/worker/protocol.js';
import type { RequestKind, Requests } from '../../web/worker/requests/requests.js';
import { OwnTexts } from '../../web/worker/own-texts.js';
import { Session } from '../../web/worker/session.js';
import { SeveralWorkers } from '../../web/worker/several-workers.js';
import { DataCache } from '../../web/worker/data-cache.js';
import { FakeThread } from '../parallel/threads.js';

/** Arguments with the configuration as the page has it. */
type Whole<Args> = Args extends { readonly config: unknown }
  ? Omit<Args, 'config'> & { readonly config: LanguageConfig }
  : Args;

/** A session with real engines, which is asked as the page asks it; batches count as drawn at once. */
export function makeSession(makeEngine: (build: WantedBuild) => Promise<Engine>) {
  const said: FromWorker[] = [];
  const batches: Progress[] = [];
  const threads: FakeThread[] = [];
  const session = new Session({
    engines: new Engines(makeEngine),
    data: new DataCache((name) => readFile(new URL(`../../web/corpora/texts/${name}`, import.meta.url))),
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
  const send = async (kind: string, args: unknown): Promise<unknown> => {
    const request = { kind, id: ++lastId, args } as Parameters<typeof answer>[1];
    const { answer: answered } = await answer(session, request);
    if (answered.kind === 'ok') return answered.value;
    throw Object.assign(new Error(answered.message), answered);
  };
  const texts = new OwnTexts({ request: send } as unknown as TrainingClient, () => []);
  /** As the page asks: a text of the reader's own goes ahead of what is asked. */
  const ask = async <K extends RequestKind>(kind: K, args: Whole<Requests[K]['args']>): Promise<Requests[K]['value']> =>
    send(kind, 'config' in args ? { ...args, config: texts.send(args.config as LanguageConfig) } : args) as Promise<
      Requests[K]['value']
    >;
  return { ask, send, batches, said, threads };
}
