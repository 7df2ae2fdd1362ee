import type { PreparedText } from '../../../engine/index.js';
import { Cancelled } from '../../lock.js';
import type { Prepared, SentConfig } from '../../protocol.js';
import type { Session } from '../../session.js';

/** Characters of the text that the page gets to show. */
const EXCERPT_CHARS = 1500;

/** A new untrained run in place of the one before, which stays untouched when the new one is refused. */
export function prepare(
  session: Session,
  { config: sent }: { readonly config: SentConfig },
  id: number,
): Promise<Prepared> {
  const config = session.options.texts.open(sent);
  return session.lock.acquire(async (token) => {
    const [, text] = await session.source.load(config);
    if (token.cancelled) throw new Cancelled();
    const run = await session.take(config);
    try {
      const prepared = await run.ask(async (inner) => ({
        ...inner.engine.buildInfo(),
        fallback: inner.engine.fallback?.code ?? null,
        info: { ...inner.info },
        excerpt: beginningOf(text),
        textChars: inner.info.trainChars + inner.info.validationChars + inner.info.testChars,
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

function beginningOf(text: PreparedText): string {
  // Cut between characters: a character is at most four bytes long.
  const enough = new TextDecoder().decode(text.bytes.subarray(0, 4 * EXCERPT_CHARS));
  return [...enough].slice(0, EXCERPT_CHARS).join('');
}
