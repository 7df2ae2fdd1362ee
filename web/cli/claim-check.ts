import type { ResultClaim } from '../links/index.js';
import { CliError } from './cli-error.js';
import { note } from './terminal.js';

/** Whether a link's claimed fingerprint was reached again. */
export type ClaimVerdict = 'matches' | 'differs' | 'other-generation';

export function judgeClaim(claim: ResultClaim, generation: number, reached: string): ClaimVerdict {
  if (claim.generation !== generation) return 'other-generation';
  return claim.fingerprint === reached ? 'matches' : 'differs';
}

/** @throws CliError when the claim is broken. */
export function tellVerdict(verdict: ClaimVerdict, claim: ResultClaim, generation: number, reached: string): void {
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
