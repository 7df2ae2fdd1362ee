import type { SentConfig } from '../protocol.js';
import type { Session } from '../session.js';

/** How many workers pay for such a run on this machine, and in a sentence why. Whoever presses Train meanwhile waits for it. */
export function chooseWorkers(
  session: Session,
  { config: sent }: { readonly config: SentConfig },
): Promise<{ readonly workers: number; readonly why: string }> {
  const config = session.options.data.open(sent);
  return session.lock.acquire(() =>
    session.reading(config, async () => {
      const ingredients = await session.source.load(config);
      const several = await session.source.several();
      const ms = several.longestMs(ingredients, config);
      const { workers, why } = await session.endurance.during(ms, () => several.choose(ingredients, config));
      return { workers, why };
    }),
  );
}
