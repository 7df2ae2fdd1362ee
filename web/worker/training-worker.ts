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

const session = createEngine().then(
  (engine) =>
    new Session({
      engine,
      texts,
      send,
      breathe: makeBreath(),
      now: () => performance.now(),
    }),
);
// Where there is no WebAssembly with SIMD, each request is answered with the reason.
session.catch(() => undefined);

scope.addEventListener('message', ({ data }) => {
  if (data.kind !== 'drawn') void reply(data);
  else
    void session.then(
      (made) => made.drawn(),
      () => undefined,
    );
});

async function reply(request: Request): Promise<void> {
  // The text is fetched while the engine is still being loaded; if that fails, the request itself will say so.
  if (request.kind === 'prepare') texts.load(request.args.config.text).catch(() => undefined);
  const { answer: message, transfer } = await answer(session, request);
  send(message, transfer);
}
