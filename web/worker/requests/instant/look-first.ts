import type { TrainOutcome } from '../../protocol.js';
import type { Session } from '../../session.js';

/**
 * Does what is due before the next step, such as reading the validation text with the untrained network; training that
 * begins meanwhile goes on with it where it is.
 */
export function lookFirst(session: Session): Promise<TrainOutcome> {
  return session.lock.acquire((token) => session.advance(token, session.run.step));
}
