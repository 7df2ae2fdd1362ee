import { expect, it } from 'vitest';
import { RecentMean } from '../../web/run/recent-mean.js';

it('is the mean of the last numbers only', () => {
  const mean = new RecentMean(3);
  expect(mean.mean()).toBeNull();
  mean.add([5]);
  expect(mean.mean()).toBe(5);
  mean.add([1, 2, 3]);
  expect(mean.mean()).toBe(2);
  mean.add([]);
  expect(mean.mean()).toBe(2);
  mean.clear();
  expect(mean.mean()).toBeNull();
});

it('does not depend on how the numbers were cut into slices', () => {
  const values = Array.from({ length: 500 }, (_, index) => Math.sin(index) * 10 ** (index % 7));
  const whole = new RecentMean(50);
  whole.add(values);
  const sliced = new RecentMean(50);
  for (let at = 0; at < values.length; at += 7) sliced.add(values.slice(at, at + 7));
  expect(sliced.mean()).toBe(whole.mean());
});
