import type { DivergedError, Trainer } from '../engine/index.js';
import type { RunConfig } from '../links/index.js';
import type { LastingRun } from '../run/index.js';
import type { Best } from './best-so-far.js';
import { nats } from './format.js';
import type { KeepingOptions, Kept } from './keeping.js';

/** The sentences with which a training ends before its time. */

/** At the end of "stopped at step 12 of 3000; ". */
export function whatIsKept(kept: Kept | null): string {
  if (kept === null) return 'nothing was saved, there was no --out';
  const model = `the model so far is in ${kept.model}`;
  return kept.state === null ? model : `${model}; to go on: --resume ${resumable(kept)}`;
}

/** What went wrong in the numbers, what there is of the training, and what can be done here. */
export function onDivergence(
  { divergence }: DivergedError,
  { learningRate, clipNorm }: RunConfig,
  kept: Kept | null,
): string {
  const { step, of, parameter, resumedAtStep } = divergence;
  const where = parameter === null ? '' : ` (${parameter} is the first parameter with such a gradient)`;
  const change = `--lr ${Number((learningRate / 10).toPrecision(2))}${clipNorm === 0 ? ' or --clip 5' : ''}`;
  const start =
    kept === null
      ? `nothing was saved, there was no --out; start again with ${change}`
      : `the last good model, of step ${resumedAtStep}, is in ${kept.model}; ` +
        (kept.state === null ? '' : `go on from there with unroll train --resume ${resumable(kept)} ${change}, or `) +
        `start again with ${kept.state === null ? change : 'one of these'}`;
  return `at step ${step} the ${of} is no longer a finite number${where}; ${start}`;
}

/** Why there are no further steps, and where the best model is. */
export function onEnough(
  { step, config }: Pick<LastingRun<Trainer>, 'step' | 'config'>,
  { patience, best: path }: KeepingOptions,
  best: Best | null,
): string {
  const evaluations = patience === 1 ? 'the last evaluation has' : `the last ${patience} evaluations have`;
  const lowest = best === null ? '' : ` than ${nats(best.lossNats)} at step ${best.step}`;
  const where = path === null ? '' : `; that model is in ${path}`;
  return `ended at step ${step} of ${config.steps}, as ${evaluations} found no lower validation loss${lowest}${where}`;
}

/** The model's name leads to the state beside it; a state that was put elsewhere is named itself. */
function resumable({ model, state, inPlace }: Kept): string {
  return inPlace ? model : state!;
}
