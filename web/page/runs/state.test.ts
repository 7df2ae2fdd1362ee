import { expect, test } from 'vitest';
import { atRest, following, isAtRest, isRunning } from './state.js';
import type { RunState } from './state.js';

const TRAINING: RunState = { is: 'training', until: Infinity };
const FAILED: RunState = { is: 'failed', why: 'refused' };

test('a network is prepared, trained, paused, trained to its end, and rewound', () => {
  const states: RunState[] = [{ is: 'idle' }, TRAINING, { is: 'pausing' }, { is: 'idle' }, TRAINING, { is: 'done' }];
  let state: RunState = { is: 'preparing' };
  for (const next of [...states, { is: 'idle' } as const]) expect((state = following(state, next))).toBe(next);
});

test.each<[RunState, RunState]>([
  [{ is: 'idle' }, { is: 'pausing' }],
  [{ is: 'done' }, { is: 'pausing' }],
  [{ is: 'done' }, TRAINING],
  [{ is: 'preparing' }, TRAINING],
  [FAILED, { is: 'done' }],
])('what is over changes nothing: after %o no %o', (state, next) => {
  expect(following(state, next)).toBe(state);
});

test('one step is not a run that can be paused', () => {
  expect([TRAINING, { is: 'pausing' } as const].map(isRunning)).toEqual([true, true]);
  expect([{ is: 'training', until: 7 } as const, FAILED, { is: 'idle' } as const].map(isRunning)).toEqual([
    false,
    false,
    false,
  ]);
  expect([TRAINING, { is: 'preparing' } as const, FAILED].map(isAtRest)).toEqual([false, false, true]);
});

test('what comes to nothing leaves a result or a failure standing', () => {
  expect(atRest({ is: 'done' })).toEqual({ is: 'done' });
  expect(atRest(FAILED)).toBe(FAILED);
  expect(atRest(TRAINING)).toEqual({ is: 'idle' });
});
