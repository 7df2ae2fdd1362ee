import type { Store } from './store.js';
import { evaluationsLeft, secondsFor } from './timing.js';

/** Seconds until the run in the worker is complete, at the speed of the last seconds; null when it is, and while nothing is known. */
export function remainingSeconds(store: Store): number | null {
  const run = store.run.value;
  const view = store.view.value;
  const measured = store.speed.value;
  const trainPerSecond = view?.speedometer.charsPerSecond ?? measured?.trainPerSecond ?? null;
  if (run === null || view === null || view.activity === 'done' || trainPerSecond === null) return null;
  const { steps, batchSize: batch, seqLen: seq, evalEvery } = run.config;
  const evaluations = evaluationsLeft(view.step, steps, evalEvery) + (view.evaluations.length === 0 ? 1 : 0);
  return secondsFor(
    {
      steps: steps - view.step,
      charsPerStep: batch * seq,
      // The text for the test is as long as the one for validation in all but unusual splits, and is read once.
      evaluations: evaluations + 1,
      evaluationChars: run.info.validationChars,
    },
    // Reading costs a third of training, but one character at a time: without a measurement, say the same.
    { trainPerSecond, evaluationPerSecond: measured?.evaluationPerSecond ?? trainPerSecond },
  );
}
