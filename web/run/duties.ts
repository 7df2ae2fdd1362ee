import type { RunConfig } from '../links/index.js';
import type { Task } from '../tasks/task.js';
import type { RunOptions } from './run-options.js';

/** Something to be done between two steps. */
export type Duty = 'validate' | 'sample' | 'fingerprint' | 'test' | 'finish';

/** What decides when duties are due. */
export interface DutyPlan extends Pick<RunConfig, 'steps' | 'evalEvery' | 'sampleEvery'> {
  /** Whether there is anything to evaluate on. */
  readonly validates: boolean;
  readonly tests: boolean;
  /** Whether samples are wanted; they change nothing that is trained. */
  readonly samples: boolean;
  /** Steps at which the fingerprint of the weights is asked for. */
  readonly marks: ReadonlySet<number>;
}

export function dutyPlan(
  { steps, evalEvery, sampleEvery }: RunConfig,
  { validation, test }: ReturnType<Task['parts']>,
  { samples = true, marks }: Pick<RunOptions, 'samples' | 'marks'>,
): DutyPlan {
  return { steps, evalEvery, sampleEvery, validates: validation, tests: test, samples, marks: new Set(marks) };
}

/**
 * What is due once `step` steps are done, in order. There is an evaluation before the first step, after each multiple
 * of `evalEvery`, and after the last step; the test part is looked at once, at the very end.
 */
export function dutiesAt(step: number, plan: DutyPlan): Duty[] {
  const last = step === plan.steps;
  const on = (every: number) => step === 0 || last || (every > 0 && step % every === 0);
  const duties: Duty[] = [];
  if (plan.validates && on(plan.evalEvery)) duties.push('validate');
  if (plan.samples && plan.sampleEvery > 0 && on(plan.sampleEvery)) duties.push('sample');
  if (plan.marks.has(step)) duties.push('fingerprint');
  if (last && plan.tests) duties.push('test');
  if (last) duties.push('finish');
  return duties;
}

/** The first step after `step` at which something is due: training may go on until there without looking up. */
export function nextStop(step: number, plan: DutyPlan): number {
  const next = (every: number) => (every > 0 ? (Math.floor(step / every) + 1) * every : Infinity);
  let stop = Math.min(plan.steps, next(plan.evalEvery), next(plan.sampleEvery));
  for (const mark of plan.marks) if (mark > step && mark < stop) stop = mark;
  return stop;
}
