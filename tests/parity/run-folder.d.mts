import type { Engine } from '../../web/engine/index.js';

/** What came of one case. */
export interface CaseResult {
  readonly status: 'pass' | 'fail' | 'unsupported';
  /** The comparison with the largest error for its tolerance. */
  readonly worst?: { readonly error: number; readonly tolerance: number; readonly name: string };
  /** Why it failed before anything was compared, or is not supported. */
  readonly reason?: string;
}

export function runFolder(
  engine: Engine,
  folder: string,
  report: (id: string, result: CaseResult) => void,
): { readonly pass: number; readonly fail: number; readonly unsupported: number };
