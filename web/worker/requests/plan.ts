import { distinctCharacters } from '../../tasks/language/distinct-characters.js';
import { trainerConfig } from '../../tasks/language/engine-config.js';
import { memoryOf } from '../../tasks/language/memory.js';
import type { Plan, SentConfig } from '../protocol.js';
import type { Session } from '../session.js';

/** What such a network would be, without making it. */
export function plan(session: Session, { config: sent }: { readonly config: SentConfig }): Promise<Plan> {
  const config = session.options.texts.open(sent);
  return session.reading(config, async () => {
    const [engine, text] = await session.source.load(config);
    const vocabSize = distinctCharacters(text);
    const { parameterCount } = engine.plan({ ...trainerConfig(config), vocabSize });
    return { parameterCount, memoryBytes: memoryOf(engine, config, vocabSize), vocabSize };
  });
}
