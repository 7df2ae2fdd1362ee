import { LinkError } from './link-error.js';
import { plainProperties } from './plain.js';
import { show } from './show.js';

/**
 * What the sender's run arrived at: the fingerprint of all weights after a number of steps. Whoever opens the link can
 * train and compare. Fingerprints of different engine generations differ even when nothing is wrong, and so do those of
 * the fast build; a claim is always about the strict one.
 */
export interface ResultClaim {
  readonly generation: number;
  readonly step: number;
  /** 64 bits in 16 lower-case hexadecimal digits. */
  readonly fingerprint: string;
}

/** `e=<generation>.<step>.<fingerprint>`, for example `1.3000.0f3a5577c0ffee00`. */
const CLAIM = /^([1-9]\d{0,5})\.(0|[1-9]\d{0,6})\.([0-9a-f]{16})$/;

/** Of a claim that is not checked yet. */
export function writeClaim(claim: unknown): string {
  const { generation, step, fingerprint } = plainProperties(claim) ?? {};
  const parts = [generation, step, fingerprint];
  const written = parts.map((part) => (typeof part === 'string' ? part : show(part))).join('.');
  if (!CLAIM.test(written)) {
    throw new LinkError(
      'INVALID_CONFIG',
      `the claim of a link is ${written.slice(0, 80)}, expected a generation, a step and 16 lower-case hexadecimal digits`,
    );
  }
  return written;
}

/** @throws LinkError `LINK_DAMAGED`; or `INVALID_CONFIG` when the run never reaches the claimed step. */
export function readClaim(written: string, steps: number): ResultClaim {
  const match = CLAIM.exec(written);
  if (!match) {
    throw new LinkError('LINK_DAMAGED', `This link is damaged: its result, e=${written.slice(0, 40)}, cannot be read.`);
  }
  const claim = { generation: Number(match[1]), step: Number(match[2]), fingerprint: match[3]! };
  if (claim.step > steps) {
    throw new LinkError('INVALID_CONFIG', `e claims a result at step ${claim.step}, but the run has ${steps} steps`);
  }
  return claim;
}
