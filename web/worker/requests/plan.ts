import type { Plan, SentConfig } from '../protocol.js';
import type { Session } from '../session.js';

/** What such a network would be, without training it. */
export function plan(session: Session, { config: sent }: { readonly config: SentConfig }): Promise<Plan> {
  const config = session.options.data.open(sent);
  return session.reading(config, async () => {
    const { engine, task, data } = await session.source.load(config);
    return task.plan(engine, config, data) as Plan;
  });
}
