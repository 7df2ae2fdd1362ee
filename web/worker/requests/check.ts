import type { SentConfig } from '../protocol.js';
import type { Session } from '../session.js';

/** Whether a run can be made of this. It is kept beside the run in training, for a `prepare` that asks for the same. */
export async function check(session: Session, { config }: { readonly config: SentConfig }): Promise<null> {
  await session.makeSpare(session.options.data.open(config));
  return null;
}
