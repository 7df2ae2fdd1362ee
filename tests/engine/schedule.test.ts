import { describe, expect, test } from 'vitest';
import type { ScheduleConfig } from '../../web/engine/index.js';
import { engine, refused } from './engine.js';

/** The rates of `count` updates. */
function rates(config: ScheduleConfig, count: number, learningRate = 0.1): number[] {
  using schedule = engine.createSchedule({ ...config, learningRate });
  return Array.from({ length: count }, () => {
    const rate = schedule.learningRate;
    expect(schedule.step()).toBe(schedule.learningRate);
    return rate;
  });
}

const close = (got: readonly number[], expected: readonly number[]): void =>
  got.forEach((rate, e) => expect(rate).toBeCloseTo(expected[e]!, 14));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, e) => e);

describe('a learning rate', () => {
  test('falls in steps', () => {
    close(
      rates({ kind: 'step', stepSize: 3, gamma: 0.5 }, 8),
      upTo(8).map((e) => 0.1 * 0.5 ** Math.floor(e / 3)),
    );
    close(rates({ kind: 'step', stepSize: 2 }, 5), [0.1, 0.1, 0.01, 0.01, 0.001]);
  });

  test('falls along a cosine, and rises again behind its trough', () => {
    const wave = upTo(13).map((e) => 0.01 + (0.09 * (1 + Math.cos((Math.PI * e) / 5))) / 2);
    close(rates({ kind: 'cosine', tMax: 5, etaMin: 0.01 }, 13), wave);
  });

  test('warms up in a straight line', () => {
    const line = upTo(8).map((e) => 0.1 * (0.25 + 0.75 * Math.min(1, e / 4)));
    close(rates({ kind: 'linear', startFactor: 0.25, totalIters: 4 }, 8), line);
    close(rates({ kind: 'linear' }, 1), [0.1 / 3]);
  });

  test('falls where nothing gets better', () => {
    using schedule = engine.createSchedule({
      kind: 'plateau',
      learningRate: 1,
      patience: 2,
      factor: 0.5,
      cooldown: 1,
      minLr: 0.3,
    });
    // 2 is the best; three that are no better are one more than the patience. One rest, and three again. 0.25 is below minLr.
    const metrics = [3, 2, 2, 2.5, 1.9999, 9, 9, 9, 9, 9, 9, 9, 9];
    expect(metrics.map((metric) => schedule.step(metric))).toEqual([
      1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3,
    ]);
  });

  test('can watch something that should grow, by a difference', () => {
    using schedule = engine.createSchedule({
      kind: 'plateau',
      learningRate: 1,
      mode: 'max',
      thresholdMode: 'abs',
      threshold: 0.5,
      patience: 0,
    });
    expect([1, 1.4, 1.6, 2].map((metric) => schedule.step(metric))).toEqual([1, 0.1, 0.1, expect.closeTo(0.01, 12)]);
  });

  test('goes back to its start', () => {
    using schedule = engine.createSchedule({ kind: 'step', stepSize: 1, learningRate: 0.3 });
    schedule.step();
    schedule.step();
    expect(schedule.learningRate).toBeCloseTo(0.003, 12);
    schedule.reset();
    expect(schedule.learningRate).toBe(0.3);
    expect(schedule.step()).toBeCloseTo(0.03, 12);
  });
});

describe('a schedule is refused', () => {
  const make = (config: unknown) => (): unknown => engine.createSchedule(config as never);
  test.each<[string, () => unknown]>([
    [
      'INVALID_ARGUMENT: ScheduleConfig: kind is "wave", expected step, cosine, linear, plateau',
      make({ kind: 'wave', learningRate: 1 }),
    ],
    ['INVALID_ARGUMENT: ScheduleConfig: there is no option "gama"', make({ kind: 'step', gama: 1, learningRate: 1 })],
    ['INVALID_ARGUMENT: ScheduleConfig: there is no option "tMax"', make({ kind: 'step', tMax: 1, learningRate: 1 })],
    ['INVALID_ARGUMENT: Schedule: learningRate is missing', make({ kind: 'step', stepSize: 1 })],
    ['INVALID_ARGUMENT: Schedule: learningRate is missing', make(undefined)],
    ['INVALID_CONFIG', make({ kind: 'step', learningRate: 1 })],
    ['INVALID_CONFIG', make({ kind: 'cosine', tMax: 0, learningRate: 1 })],
    ['INVALID_CONFIG', make({ kind: 'linear', startFactor: 0, learningRate: 1 })],
    ['INVALID_CONFIG', make({ kind: 'plateau', factor: 1, learningRate: 1 })],
    ['INVALID_', make({ kind: 'step', stepSize: 1, learningRate: -1 })],
    ['INVALID_', make({ kind: 'step', stepSize: 1, learningRate: NaN })],
  ])('%s', (says, action) => expect(refused(action)).toContain(says));

  test('a step without the metric that it needs, or with one that it does not', () => {
    using plateau = engine.createSchedule({ kind: 'plateau', learningRate: 1 });
    using step = engine.createSchedule({ kind: 'step', stepSize: 1, learningRate: 1 });
    expect(refused(() => plateau.step())).toMatch(/^INVALID_ARGUMENT/);
    expect(refused(() => step.step(1))).toMatch(/^INVALID_ARGUMENT/);
    expect(refused(() => plateau.step('1' as never))).toMatch(/^INVALID_ARGUMENT: Schedule.step: metric is "1"/);
    expect([plateau.learningRate, step.learningRate]).toEqual([1, 1]);
  });

  test('use after delete', () => {
    const schedule = engine.createSchedule({ kind: 'step', stepSize: 1, learningRate: 1 });
    schedule.delete();
    for (const use of [() => schedule.step(), () => schedule.reset(), () => schedule.learningRate]) {
      expect(refused(use)).toBe('DELETED: Schedule: this object was deleted and cannot be used any more');
    }
  });
});
