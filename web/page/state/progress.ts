import type { BlowUp } from '../../run/blow-up.js';
import type { Evaluation, Progress, RunActivity, RunResult, Sample } from '../../worker/protocol.js';
import { LossCurve } from './curve.js';
import { Speedometer } from './timing.js';

/** What is known of the run on the screen. The curve and the speedometer are filled in place, the rest is replaced. */
export interface RunView {
  readonly step: number;
  readonly epoch: number;
  readonly activity: RunActivity;
  readonly curve: LossCurve;
  readonly speedometer: Speedometer;
  /** In the order of their steps, as the samples. */
  readonly evaluations: readonly Evaluation[];
  /** The first is of the untrained network. */
  readonly samples: readonly Sample[];
  /** Where training became unstable, if it has. */
  readonly blowUp: BlowUp | null;
  readonly result: RunResult | null;
}

/** A run before its first step, with what the untrained network writes. */
export function freshRun(sample: Sample): RunView {
  return {
    step: 0,
    epoch: 0,
    activity: 'evaluating',
    curve: new LossCurve(),
    speedometer: new Speedometer(),
    evaluations: [],
    samples: [sample],
    blowUp: null,
    result: null,
  };
}

/**
 * The run after one more batch of progress. A worker that took over from one that died may tell again what is known; that
 * is the same to the bit, and left out.
 */
export function applyProgress(view: RunView, batch: Progress): RunView {
  const known = view.curve.lastStep - (batch.step - batch.losses.length);
  view.curve.append(batch.losses.subarray(Math.max(0, known)));
  view.speedometer.add(batch.trainedMs, batch.trainedUnits);
  return {
    ...view,
    step: Math.max(view.step, batch.step),
    epoch: Math.max(view.epoch, batch.epoch),
    activity: batch.activity,
    evaluations: withLater(view.evaluations, batch.evaluations),
    samples: withLater(view.samples, batch.samples),
    blowUp: view.blowUp ?? batch.blowUp,
  };
}

function withLater<Told extends { readonly step: number }>(known: readonly Told[], more: readonly Told[]): Told[] {
  const last = known.at(-1)?.step ?? -1;
  return [...known, ...more.filter(({ step }) => step > last)];
}
