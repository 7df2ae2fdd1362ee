import { answerTo } from '../parallel/rpc.js';
import type { Answer, Request } from '../parallel/rpc.js';
import { handlerOf } from './requests/requests.js';
import type { Requests } from './requests/requests.js';
import type { Session } from './session.js';

/** Lets the session do what a request asks, and makes exactly one answer of how it ended. */
export async function answer(
  session: Session,
  { id, kind, args }: Request<Requests>,
): Promise<{ answer: Answer; transfer: Transferable[] }> {
  const answered = await answerTo(id, async () => (await handlerOf(kind))(session, args, id));
  return { answer: answered, transfer: answered.kind === 'ok' ? transferable(answered.value) : [] };
}

/** Bytes move to the page instead of being copied. */
function transferable(value: unknown): Transferable[] {
  const { bytes } = (value ?? {}) as { bytes?: Uint8Array<ArrayBuffer> };
  return bytes === undefined ? [] : [bytes.buffer];
}
