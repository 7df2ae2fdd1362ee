import { describe, expect, it } from 'vitest';
import { dutiesAt, nextStop } from '../../web/run/duties.js';
import type { DutyPlan } from '../../web/run/duties.js';

const plan: DutyPlan = {
  steps: 10,
  evalEvery: 4,
  sampleEvery: 3,
  validates: true,
  tests: true,
  samples: true,
  marks: new Set([5]),
};

/** The whole sequence, as a run walks through it. */
function walk(plan: DutyPlan): string[] {
  const story: string[] = [];
  let step = 0;
  for (;;) {
    story.push(...dutiesAt(step, plan).map((duty) => `${step} ${duty}`));
    if (step === plan.steps) return story;
    const next = nextStop(step, plan);
    expect(next).toBeGreaterThan(step);
    step = next;
  }
}

describe('the order of a run', () => {
  it('evaluates, then samples, then takes the fingerprint, and looks at the test part last', () => {
    expect(walk(plan)).toEqual([
      '0 validate',
      '0 sample',
      '3 sample',
      '4 validate',
      '5 fingerprint',
      '6 sample',
      '8 validate',
      '9 sample',
      '10 validate',
      '10 sample',
      '10 test',
      '10 finish',
    ]);
  });

  it('does nothing twice when the last step is a multiple', () => {
    expect(walk({ ...plan, steps: 4, evalEvery: 2, sampleEvery: 0, marks: new Set([4]) })).toEqual([
      '0 validate',
      '2 validate',
      '4 validate',
      '4 fingerprint',
      '4 test',
      '4 finish',
    ]);
  });

  it('has only beginning and end when nothing is asked for in between', () => {
    expect(walk({ ...plan, evalEvery: 0, sampleEvery: 0, marks: new Set() })).toEqual([
      '0 validate',
      '10 validate',
      '10 test',
      '10 finish',
    ]);
  });

  it('leaves out what there is no text for', () => {
    expect(walk({ ...plan, validates: false, tests: false, samples: false, marks: new Set([0]) })).toEqual([
      '0 fingerprint',
      '10 finish',
    ]);
  });
});
