import { createEngine } from '../engine/index.js';
import type { Request } from '../parallel/rpc.js';
import { answer } from './answer.js';
import { makeYield } from './yield.js';
import type { FromWorker, ToWorker } from './protocol.js';
import type { Requests } from './requests/requests.js';
import { Engines } from './engines.js';
import { Session } from './session.js';
import type { SeveralWorkers } from './several-workers.js';
import { DataCache } from './data-cache.js';
import { readBundledText } from './bundled-texts.js';

/** The entry of the training worker: one session, its engines, and messages in and out. */

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
};

scope.postMessage({ kind: 'awake' }, []);

const send = (message: FromWorker, transfer: Transferable[]): void => scope.postMessage(message, transfer);

const data = new DataCache(readBundledText);

// What the first steps do not need is fetched behind them.
const engines = new Engines((build) => createEngine({ build, deferred: 'later' }));
// The page is still being drawn meanwhile.
engines.get('strict').catch(() => undefined);

const severalWorkers = async (): Promise<SeveralWorkers> => {
  const [{ SeveralWorkers }, { spawnReplica }] = await Promise.all([
    import('./several-workers.js'),
    import('./spawn-replica.js'),
  ]);
  return new SeveralWorkers(spawnReplica, navigator.hardwareConcurrency);
};

const now = (): number => performance.now();
const session = new Session({ engines, data, severalWorkers, send, yieldToEvents: makeYield(), now });

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'ping') send({ kind: 'pong' }, []);
  else if (data.kind === 'drawn') session.drawn();
  else void reply(data);
});

async function reply(request: Request<Requests>): Promise<void> {
  const { answer: message, transfer } = await answer(session, request);
  send(message, transfer);
}
