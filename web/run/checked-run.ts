import { aNumber } from '../engine/internal.js';
import type { Engine, PreparedText } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import { anEngine, readAll } from '../parallel/arguments.js';
import { aCheckpoint, checkSlice, ownConfig } from './arguments.js';
import type { RunCheckpoint } from './checkpoint.js';
import type { RunEvent } from './run-events.js';
import { Run as TrustingRun } from './run.js';
import type { RunOptions } from './run-options.js';
import { ownOptions } from './run-options.js';

/**
 * A run for whoever comes: what it is given is read once, and refused with `INVALID_ARGUMENT` unless it is of the right
 * type. The page's own worker, which a compiler has checked, does without.
 */
export class Run extends TrustingRun {
  constructor(engine: Engine, config: RunConfig, text: string | PreparedText, options: RunOptions = {}) {
    super(anEngine('Run: engine', engine), ownConfig(config), text, ownOptions('Run', options));
  }

  override advance(maxMs: number, maxSteps = Infinity): readonly RunEvent[] {
    checkSlice('Run.advance', maxMs, maxSteps);
    return super.advance(maxMs, maxSteps);
  }

  override async advanceAsync(maxMs: number, maxSteps = Infinity): Promise<readonly RunEvent[]> {
    checkSlice('Run.advanceAsync', maxMs, maxSteps);
    return super.advanceAsync(maxMs, maxSteps);
  }

  override async adjust(values: Pick<RunConfig, 'lr' | 'clip'>): Promise<void> {
    return super.adjust(readAll('Run.adjust', values, { lr: aNumber, clip: aNumber }));
  }

  override async restore(checkpoint: RunCheckpoint): Promise<void> {
    return super.restore(aCheckpoint('Run.restore', checkpoint));
  }
}
