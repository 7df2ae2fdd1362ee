import { aNumber, oneOf, readFields } from '../arguments/fields.js';
import { properties } from '../arguments/own.js';

/**
 * How the learning rate changes from step to step: a scheduler of `torch.optim.lr_scheduler`, with PyTorch's names,
 * defaults and order of operations. With e the steps so far, lr the rate before and baseLr the rate at the start:
 *
 *   step     lr * gamma where e is a multiple of stepSize, else lr                                       StepLR
 *   cosine   etaMin + (baseLr - etaMin) * (1 + cos(pi e / tMax)) / 2, and on through further waves       CosineAnnealingLR
 *   linear   baseLr * startFactor at e = 0, in a straight line to baseLr * endFactor at e = totalIters   LinearLR
 *   plateau  max(lr * factor, minLr) after more than `patience` metrics in a row that are no better      ReduceLROnPlateau
 *
 * Each computes the next rate from the present one, so a rate that is set by hand in between is where it goes on.
 *
 * Source: https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 */
export type ScheduleConfig = StepSchedule | CosineSchedule | LinearSchedule | PlateauSchedule;

export interface StepSchedule {
  readonly kind: 'step';
  /** Steps between two falls, from 1 on. */
  readonly stepSize: number;
  /** From 0 on. Default 0.1. */
  readonly gamma?: number | undefined;
}

export interface CosineSchedule {
  readonly kind: 'cosine';
  /** Steps from the crest to the trough, from 1 on. */
  readonly tMax: number;
  /** The rate in the trough, from 0 on. Default 0. */
  readonly etaMin?: number | undefined;
}

export interface LinearSchedule {
  readonly kind: 'linear';
  /** Above 0, at most 1. Default 1/3. */
  readonly startFactor?: number | undefined;
  /** 0 to 1. Default 1. */
  readonly endFactor?: number | undefined;
  /** From 1 on. Default 5. */
  readonly totalIters?: number | undefined;
}

export interface PlateauSchedule {
  readonly kind: 'plateau';
  /** Whether a smaller or a larger metric is better. Default `'min'`. */
  readonly mode?: 'min' | 'max' | undefined;
  /** From 0 on, below 1. Default 0.1. */
  readonly factor?: number | undefined;
  /** Metrics in a row that may be no better, from 0 on. Default 10. */
  readonly patience?: number | undefined;
  /** By how much a metric must be better to count as better. Default 0.0001. */
  readonly threshold?: number | undefined;
  /** `'rel'`: a share of the best; `'abs'`: a difference. Default `'rel'`. */
  readonly thresholdMode?: 'rel' | 'abs' | undefined;
  /** Metrics after a fall in which nothing is counted, from 0 on. Default 0. */
  readonly cooldown?: number | undefined;
  /** The rate never falls below it. Default 0. */
  readonly minLr?: number | undefined;
  /** Falls that are smaller are left out. Default 1e-8. */
  readonly eps?: number | undefined;
}

const KINDS = oneOf(['step', 'cosine', 'linear', 'plateau']);

const FIELDS = {
  step: { kind: KINDS, stepSize: aNumber, gamma: aNumber },
  cosine: { kind: KINDS, tMax: aNumber, etaMin: aNumber },
  linear: { kind: KINDS, startFactor: aNumber, endFactor: aNumber, totalIters: aNumber },
  plateau: {
    kind: KINDS,
    mode: oneOf(['min', 'max']),
    factor: aNumber,
    patience: aNumber,
    threshold: aNumber,
    thresholdMode: oneOf(['rel', 'abs']),
    cooldown: aNumber,
    minLr: aNumber,
    eps: aNumber,
  },
};

/** A schedule in the engine's words: its two modes are flags there. */
export function aSchedule(_where: string, value: unknown): object {
  const given = Object.fromEntries(properties(value) ?? []);
  const kind = KINDS('ScheduleConfig: kind', given['kind']);
  const { mode, thresholdMode, ...own } = readFields('ScheduleConfig', given, FIELDS[kind] as typeof FIELDS.plateau);
  return {
    ...own,
    ...(mode && { maximise: mode === 'max' }),
    ...(thresholdMode && { absolute: thresholdMode === 'abs' }),
  };
}
