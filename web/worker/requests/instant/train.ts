import type { TrainOutcome } from '../../protocol.js';
import type { Session } from '../../session.js';

/** Trains to the end, or until it is paused; this is when it answers. */
export function train(session: Session): Promise<TrainOutcome> {
  return session.lock.acquire((token) => session.advance(token, Infinity));
}
