import type { Sample } from '../../protocol.js';
import type { Session } from '../../session.js';

/** Back to the same initial weights. */
export function rewind(
  session: Session,
  _args: Record<string, never>,
  id: number,
): Promise<{ readonly sample: Sample }> {
  return session.lock.acquire(() =>
    session.aside(async (run) => {
      await run.rewind();
      session.begin(id, run);
      return { sample: await run.ask((inner) => session.sample(inner)) };
    }),
  );
}
