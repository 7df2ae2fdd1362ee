import { Cancelled } from './lock.js';
import type { Answer, Request, RequestKind, Requests } from './protocol.js';
import type { Session } from './session.js';

/** Lets the session do what a request asks, and makes exactly one answer of how it ended. */
export async function answer(
  session: Session,
  request: Request,
): Promise<{ answer: Answer; transfer: Transferable[] }> {
  try {
    const value = await perform(session, request);
    return { answer: { kind: 'ok', id: request.id, value }, transfer: transferable(value) };
  } catch (error) {
    if (error instanceof Cancelled) return { answer: { kind: 'cancelled', id: request.id }, transfer: [] };
    const { code, message } = describe(error);
    return { answer: { kind: 'error', id: request.id, code, message }, transfer: [] };
  }
}

async function perform(session: Session, request: Request): Promise<Requests[RequestKind]['value']> {
  switch (request.kind) {
    case 'readText':
      return session.readText(request.args.bytes);
    case 'check':
      return session.check(request.args.config);
    case 'prepare':
      return session.prepare(request.id, request.args.config);
    case 'resume':
      return session.resume(request.args);
    case 'baselines':
      return session.baselines();
    case 'plan':
      return session.plan(request.args.config);
    case 'measure':
      return session.measure(request.args.config);
    case 'chooseWorkers':
      return session.chooseWorkers(request.args.config);
    case 'lookFirst':
      return session.lookFirst();
    case 'train':
      return session.train();
    case 'pause':
      return session.pause();
    case 'step':
      return session.step(request.args.until);
    case 'rewind':
      return session.rewind(request.id);
    case 'generate':
      return session.generate(request.args);
    case 'saveModel':
      return session.saveModel();
    case 'openModel':
      return session.openModel(request.args.bytes);
  }
}

/** Bytes move to the page instead of being copied. */
function transferable(value: Requests[RequestKind]['value']): Transferable[] {
  return value !== null && 'bytes' in value ? [value.bytes.buffer as ArrayBuffer] : [];
}

/** The stable code of an engine's error; anything else is a mistake of ours or of the browser. */
function describe(error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
  return { code, message };
}
