import type { Session } from '../../session.js';

/** Answers when training has stopped, which is after the slice under way. */
export async function pause(session: Session): Promise<null> {
  await session.lock.pause();
  return null;
}
