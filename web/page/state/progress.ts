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
  readonly evaluations: readonly Evaluation[];
  /** The first is of the untrained network. Never two of the same step. */
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

/** The run after one more batch of progress. */
export function applyProgress(view: RunView, batch: Progress): RunView {
  view.curve.append(batch.losses);
  view.speedometer.add(batch.trainedMs, batch.trainedChars);
  const lastSample = view.samples.at(-1)?.step ?? -1;
  return {
    ...view,
    step: batch.step,
    epoch: batch.epoch,
    activity: batch.activity,
    evaluations: [...view.evaluations, ...batch.evaluations],
    samples: [...view.samples, ...batch.samples.filter((sample) => sample.step > lastSample)],
    blowUp: view.blowUp ?? batch.blowUp,
  };
}
