import { expect, test } from 'vitest';
import type { Progress } from '../../worker/protocol.js';
import { applyProgress, freshRun } from './progress.js';

/** A batch whose losses are the numbers of their steps. */
function batch(from: number, to: number, also: Partial<Progress> = {}): Progress {
  return {
    kind: 'progress',
    runId: 1,
    batch: 1,
    step: to,
    epoch: 0,
    activity: 'training',
    losses: Float32Array.from({ length: to - from }, (_, i) => from + i + 1),
    evaluations: [],
    samples: [],
    blowUp: null,
    trainedMs: to,
    trainedUnits: to,
    checkpoint: null,
    ...also,
  };
}

const evaluation = (step: number) => ({ step, lossNats: step });
const sample = (step: number) => ({ step, text: `after ${step}` });

test('what another worker tells again is left out, and what is new is taken', () => {
  let view = freshRun(sample(0));
  view = applyProgress(view, batch(0, 20, { evaluations: [evaluation(0), evaluation(10)], samples: [sample(10)] }));
  // It went on from step 8, and tells of that twice, once in part.
  view = applyProgress(view, batch(8, 15, { evaluations: [evaluation(10)], samples: [sample(10)] }));
  expect(view.step).toBe(20);
  view = applyProgress(view, batch(15, 30, { evaluations: [evaluation(20), evaluation(30)], samples: [sample(30)] }));
  expect(view.step).toBe(30);
  expect(view.curve.steps).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(view.curve.raw).toEqual(view.curve.steps);
  expect(view.evaluations.map(({ step }) => step)).toEqual([0, 10, 20, 30]);
  expect(view.samples.map(({ step }) => step)).toEqual([0, 10, 30]);
});
