import type { TrainOutcome } from '../../protocol.js';
import type { Session } from '../../session.js';

/** One optimizer update, the one that makes it `until` steps, with the evaluations and samples that are due before and after it. */
export function trainStep(session: Session, { until }: { readonly until: number }): Promise<TrainOutcome> {
  return session.lock.acquire((token) => session.advance(token, until));
}
