import { linkBudget, LinkError, writeLink } from '../links/index.js';
import type { RunConfig } from '../links/index.js';
import type { RunResult } from '../run/index.js';

/**
 * The fragment that repeats a run and checks its result, or null when its own text makes it too long to be of use. A run
 * that asks to be fast claims no result.
 */
export async function repeatLink(
  config: RunConfig,
  { generation, step, fingerprint }: RunResult,
): Promise<string | null> {
  try {
    const claim = config.fast ? null : { generation, step, fingerprint };
    const link = await writeLink({ config, claim });
    return linkBudget(link.length).reach === 'anywhere' ? link : null;
  } catch (error) {
    if (error instanceof LinkError && error.code === 'LINK_TOO_LONG') return null;
    throw error;
  }
}
