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

/** Loading the engine fails where there is no WebAssembly with SIMD; then every request says so. */
const session = createEngine().then(
  (engine) =>
    new Session({
      engine,
      texts: new TextShelf(readBundledText),
      send,
      breathe: makeBreath(),
      now: () => performance.now(),
    }),
);

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'drawn') void session.then((made) => made.drawn());
  else void reply(data);
});

async function reply(request: Request): Promise<void> {
  try {
    const { answer: message, transfer } = await answer(await session, request);
    send(message, transfer);
  } catch (error) {
    send({ kind: 'error', id: request.id, code: 'ENGINE_UNAVAILABLE', message: String(error) }, []);
  }
}
