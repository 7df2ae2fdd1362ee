import { expect, test } from 'vitest';
import { Speedometer, evaluationsLeft, secondsFor } from './timing.js';

test('the evaluations left are those that the run will make', () => {
  /** Counted one by one, by the rule of the run: at each multiple, and at the last step. */
  const counted = (step: number, steps: number, every: number): number =>
    Array.from({ length: steps - step }, (_, i) => step + i + 1).filter(
      (each) => each === steps || (every > 0 && each % every === 0),
    ).length;
  for (const every of [0, 1, 7, 10, 50, 200]) {
    for (const steps of [1, 10, 50, 99]) {
      for (let step = 0; step <= steps; ++step) {
        expect(evaluationsLeft(step, steps, every), `${step} of ${steps}, every ${every}`).toBe(
          counted(step, steps, every),
        );
      }
    }
  }
});

test('time is characters by speed, for training and for reading', () => {
  const speed = { trainPerSecond: 1000, evaluationPerSecond: 500 };
  const work = { steps: 10, charsPerStep: 200, evaluations: 3, evaluationChars: 1000 };
  expect(secondsFor(work, speed)).toBe(2 + 6);
});

test('the speed is that of the last two seconds', () => {
  const speedometer = new Speedometer();
  expect(speedometer.charsPerSecond).toBeNull();
  speedometer.add(1000, 5000);
  expect(speedometer.charsPerSecond).toBe(5000);
  for (let second = 2; second <= 6; ++second) speedometer.add(second * 1000, 5000 + (second - 1) * 100);
  expect(speedometer.charsPerSecond).toBe(100);
});

test('a pause, in which no time of training passes, does not make the speed infinite', () => {
  const speedometer = new Speedometer();
  speedometer.add(0, 0);
  speedometer.add(0, 0);
  expect(speedometer.charsPerSecond).toBeNull();
});

test('when another worker takes over, and counts from 0, the speed is that of its own', () => {
  const speedometer = new Speedometer();
  speedometer.add(30_000, 60_000);
  speedometer.add(40, 400);
  expect(speedometer.charsPerSecond).toBe(10_000);
});
