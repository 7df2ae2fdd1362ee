import { Cancelled } from '../../lock.js';
import type { Prepared, RunInfo, SentConfig } from '../../protocol.js';
import type { Session } from '../../session.js';

/** Characters of the data that the page gets to show. */
const EXCERPT_CHARS = 1500;

/** A new untrained run in place of the one before, which stays untouched when the new one is refused. */
export function prepare(
  session: Session,
  { config: sent }: { readonly config: SentConfig },
  id: number,
): Promise<Prepared> {
  const config = session.options.data.open(sent);
  return session.lock.acquire(async (token) => {
    const { task, data } = await session.source.load(config);
    if (token.cancelled) throw new Cancelled();
    const run = await session.take(config);
    try {
      const prepared = await run.ask(async (inner) => ({
        ...inner.engine.buildInfo(),
        fallback: inner.engine.fallback?.code ?? null,
        info: { ...inner.info } as RunInfo,
        excerpt: task.excerpt(data, EXCERPT_CHARS),
        sample: await session.sample(inner),
      }));
      session.begin(id, run);
      return prepared;
    } catch (error) {
      run.delete();
      throw error;
    }
  });
}
