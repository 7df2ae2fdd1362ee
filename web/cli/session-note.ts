import type { Best } from './best-so-far.js';

/** What a session knows beside its run; it is kept with the state, and an interrupted session goes on with it. */
export interface SessionNote {
  readonly best: Best | null;
  /** Evaluations since the best one. */
  readonly stale: number;
  /** Steps that were asked for, also when the training ended before. */
  readonly steps: number;
  readonly patience: number;
  /** The fingerprint at the step that a link makes a claim about; empty before. */
  readonly reached: string;
  /** Whether the learning rate or the clipping was changed on the way: no link can say so. */
  readonly isAdjusted: boolean;
  /** Names of the files in the state's folder. */
  readonly model: string;
  readonly bestModel: string | null;
}

export function freshNote(): SessionNote {
  return { best: null, stale: 0, steps: 0, patience: 0, reached: '', isAdjusted: false, model: '', bestModel: null };
}

/** null for a note that is none. */
export function parseNote(json: string): SessionNote | null {
  try {
    const { best, stale, steps, patience, reached, isAdjusted, model, bestModel } = JSON.parse(json) as SessionNote;
    const isBest = best === null || [best.step, best.lossNats].every(Number.isFinite);
    const isSound =
      isBest &&
      [stale, steps, patience].every((count) => Number.isSafeInteger(count) && count >= 0) &&
      [reached, model, bestModel ?? ''].every((word) => typeof word === 'string') &&
      typeof isAdjusted === 'boolean';
    return isSound ? { best, stale, steps, patience, reached, isAdjusted, model, bestModel } : null;
  } catch {
    return null;
  }
}
