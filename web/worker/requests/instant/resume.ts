import type { Resumed } from '../../protocol.js';
import type { Session } from '../../session.js';

/** Goes on with the run of a worker that has died; whatever else is asked for waits for it. */
export function resume(session: Session, { runId, config, checkpoint, step, batch }: Resumed): Promise<null> {
  const opened = session.options.data.open(config);
  const resumed = session.lock.hold(async () => {
    session.begin(runId, await session.start(opened, { from: checkpoint, toldStep: step }));
    session.reporter.goOnAfter(batch, session.run.activity);
    return null;
  });
  return session.slices.hold(resumed);
}
