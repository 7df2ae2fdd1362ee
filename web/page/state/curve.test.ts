import { expect, test } from 'vitest';
import { LossCurve, MEAN_STEPS } from './curve.js';

/** A falling loss with some noise, the same every time. */
const lossAt = (step: number): number => 4 * Math.exp(-step / 300) + 1.5 + 0.1 * Math.sin(step * 12.9898);
const losses = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => lossAt(from + i + 1));

test('the mean is that of the last 50 losses, or of as many as there are', () => {
  const curve = new LossCurve();
  expect(curve.lastMean).toBeNull();
  for (let step = 1; step <= 130; ++step) {
    curve.append([lossAt(step)]);
    const recent = losses(0, step).slice(-MEAN_STEPS);
    expect(curve.lastMean).toBeCloseTo(recent.reduce((sum, loss) => sum + loss, 0) / recent.length, 12);
    expect(curve.lastLoss).toBe(lossAt(step));
  }
});

test('from step 200 on the drawn line is that mean', () => {
  const curve = new LossCurve();
  curve.append(losses(0, 200));
  expect(curve.mean.at(-1)).toBe(curve.lastMean);
  curve.append(losses(200, 201));
  expect(curve.mean.at(-1)).toBe(curve.lastMean);
});

test('a long run keeps few points, each the mean of its steps, and the curve does not depend on the batches', () => {
  const total = 20_000;
  const whole = new LossCurve();
  whole.append(losses(0, total));
  const pieces = new LossCurve();
  for (let from = 0; from < total; from += 777) pieces.append(losses(from, Math.min(total, from + 777)));
  expect(pieces.steps).toEqual(whole.steps);
  expect(pieces.raw).toEqual(whole.raw);
  expect(pieces.mean).toEqual(whole.mean);

  expect(whole.lastStep).toBe(total);
  expect(whole.steps.length).toBeLessThan(2048);
  const stride = whole.steps[1]! - whole.steps[0]!;
  for (const i of [0, 7, whole.steps.length - 1]) {
    const last = whole.steps[i]!;
    const own = losses(last - stride, last);
    expect(whole.raw[i]).toBeCloseTo(own.reduce((sum, loss) => sum + loss, 0) / stride, 9);
  }
});
