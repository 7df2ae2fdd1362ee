import type { Baselines } from '../../protocol.js';
import type { Session } from '../../session.js';

/** What counting alone achieves on the text of the run. It takes a moment, so it is not part of `prepare`. */
export async function baselines(session: Session): Promise<Baselines> {
  await session.complete();
  return session.aside((run) =>
    session.reading(run.config, () => run.ask((inner) => ({ ...inner.baselines() }) as Baselines)),
  );
}
