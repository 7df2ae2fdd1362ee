import { msForFlops } from '../../endurance.js';
import type { SentConfig, Speed } from '../../protocol.js';
import type { Session } from '../../session.js';
import { MEASURE_FLOPS, measureSpeed } from '../../speed.js';

/** How quick this machine is with such a network. */
export function measure(session: Session, { config: sent }: { readonly config: SentConfig }): Promise<Speed> {
  const config = session.options.data.open(sent);
  return session.reading(config, async () => {
    const ingredients = await session.source.load(config);
    const speed = await session.endurance.during(msForFlops(MEASURE_FLOPS), () =>
      measureSpeed(ingredients, config, session.options.now),
    );
    session.fetchRest();
    return speed;
  });
}
