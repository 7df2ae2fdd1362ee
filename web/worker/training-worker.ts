import { createEngine } from '../engine/index.js';
import { makeBreath } from './breath.js';
import { answer } from './dispatch.js';
import type { Answer, FromWorker, Progress, Request, ToWorker } from './protocol.js';
import { Session } from './session.js';
import { TextShelf } from './text-shelf.js';
import { readBundledText } from './bundled-texts.js';

/** The entry of the training worker: one engine, one session, and messages in and out. */

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
};

const send = (message: Answer | Progress, transfer: Transferable[]): void => scope.postMessage(message, transfer);

const texts = new TextShelf(readBundledText);

let session: Promise<Session> | null = null;

/** The session with its engine. When the engine cannot be loaded, the next request tries again. */
function getSession(): Promise<Session> {
  // What the first steps do not need is fetched behind them.
  session ??= createEngine({ deferred: 'later' }).then(
    (engine) => new Session({ engine, texts, send, breathe: makeBreath(), now: () => performance.now() }),
  );
  session.catch(() => (session = null));
  return session;
}

// The page is still being drawn meanwhile.
getSession().catch(() => undefined);

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'drawn') session?.then((made) => made.drawn()).catch(() => undefined);
  else void reply(data);
});

async function reply(request: Request): Promise<void> {
  // The text is fetched while the engine is still being loaded; if that fails, the request itself will say so.
  if (request.kind === 'prepare') texts.load(request.args.config.text).catch(() => undefined);
  const { answer: message, transfer } = await answer(getSession(), request);
  send(message, transfer);
}
