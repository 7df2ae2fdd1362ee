import { linkBudget, LinkError, writeLink } from '../links/index.js';
import type { ResultClaim, RunConfig } from '../links/index.js';
import type { RunResult } from '../run/index.js';
import { CliError } from './cli-error.js';
import { note } from './terminal.js';

/** Whether a link's claimed fingerprint was reached again. */
export type ClaimVerdict = 'matches' | 'differs' | 'other-generation' | 'fast-build';

/** Which engine trained. */
type Trained = Pick<RunResult, 'generation' | 'build'>;

export function judgeClaim(claim: ResultClaim, { generation, build }: Trained, reached: string): ClaimVerdict {
  if (build === 'fast') return 'fast-build';
  if (claim.generation !== generation) return 'other-generation';
  return claim.fingerprint === reached ? 'matches' : 'differs';
}

/** @throws CliError when the claim is broken. */
export function tellVerdict(verdict: ClaimVerdict, claim: ResultClaim, { generation }: Trained, reached: string): void {
  if (verdict === 'fast-build') {
    note("unroll: the link's result was not checked: it is about the strict build, and this run was fast");
  }
  if (verdict === 'other-generation') {
    note(
      `unroll: the link's result comes from engine generation ${claim.generation}, this is generation ${generation}; ` +
        'their weights cannot be compared',
    );
  }
  if (verdict === 'differs') {
    throw new CliError(
      `the link claims the weights ${claim.fingerprint} at step ${claim.step}, this run has ${reached}: ` +
        'one of the two engines does not compute what it should',
    );
  }
}

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
