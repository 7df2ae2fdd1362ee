import { describe, expect, it } from 'vitest';
import { count, duration, nats } from '../../web/cli/format.js';
import { drawProgress } from '../../web/cli/progress.js';

describe('figures', () => {
  it('are written for people', () => {
    expect([0, 59.2, 61, 3599, 3600, 86399].map(duration)).toEqual([
      '0:00',
      '1:00',
      '1:01',
      '59:59',
      '1:00:00',
      '23:59:59',
    ]);
    expect([0, 999, 108_225, 1_234_567.8].map(count)).toEqual(['0', '999', '108,225', '1,234,568']);
    expect([null, 1, 4.17449].map(nats)).toEqual(['–', '1.000', '4.174']);
  });
});

describe('the progress bar', () => {
  const state = { step: 750, steps: 3000, loss: 2.0312, speed: 61_234.5, secondsLeft: 75.1 };

  it('shows share, step, loss, speed and time left', () => {
    expect(drawProgress(state, 'chars', 100)).toBe(
      `${'█'.repeat(7)}${'░'.repeat(23)}  25 %  step 750/3000  loss 2.031  61,235 chars/s  1:16 left`,
    );
  });

  it('shows what is known before the first step', () => {
    expect(drawProgress({ ...state, step: 0, loss: null, speed: null, secondsLeft: null }, 'chars', 80)).toBe(
      `${'░'.repeat(30)}   0 %  step 0/3000`,
    );
  });

  it.each([1, 2, 10, 20, 40, 60, 80, 120])('is shorter than a terminal of %i columns', (columns) => {
    for (const step of [0, 1, 2999, 3000]) {
      expect(drawProgress({ ...state, step }, 'chars', columns).length).toBeLessThan(columns);
    }
  });
});
