import type { BuildInfo } from '../engine/index.js';
import type { Measures } from '../tasks/task.js';
import type { BlowUp } from './blow-up.js';

/** The last word on a finished run. Losses are in nats per character. */
export interface RunResult {
  readonly step: number;
  /** Mean over the last 50 steps. */
  readonly trainLoss: number;
  /** null when the split leaves nothing to evaluate on. */
  readonly valLoss: number | null;
  readonly testLoss: number | null;
  /** What the task measures beside the losses; empty where there are none. */
  readonly valMeasures: Measures;
  readonly testMeasures: Measures;
  readonly parameterCount: number;
  /** 64 bits over all weights, in 16 hexadecimal digits. */
  readonly fingerprint: string;
  /** The engine's generation; fingerprints of different generations cannot be compared. */
  readonly generation: number;
  /** Which build trained; the fingerprint of a fast one can be compared with no other. */
  readonly build: BuildInfo['build'];
}

/** What happens in a run, in the order in which it happens. A `step` is the number of steps done by then. */
export type RunEvent =
  | {
      readonly type: 'steps';
      readonly step: number;
      readonly epoch: number;
      /** One for each step since the event before. */
      readonly losses: Float64Array;
      readonly gradNorms: Float64Array;
    }
  | {
      readonly type: 'evaluation';
      readonly step: number;
      readonly part: 'validation' | 'test';
      readonly lossNats: number;
      /** What the task measures beside it. */
      readonly measures: Measures;
      /** Mean over the last 50 steps; null before the first. */
      readonly trainLoss: number | null;
    }
  /** At most one in a run. */
  | BlowUp
  | { readonly type: 'sample'; readonly step: number; readonly prompt: string; readonly text: string }
  | { readonly type: 'fingerprint'; readonly step: number; readonly fingerprint: string }
  | { readonly type: 'done'; readonly step: number; readonly result: RunResult };

/** What the next `advance` will be about. */
export type RunActivity = 'training' | 'evaluating' | 'sampling' | 'finishing' | 'done';
