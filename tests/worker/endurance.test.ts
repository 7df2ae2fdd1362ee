import { expect, test } from 'vitest';
import { Endurance, msForFlops, PieceTimes } from '../../web/worker/endurance.js';

test('a silence is announced while there is work that may take so long, the longest of several', async () => {
  const announced: number[] = [];
  const endurance = new Endurance((ms) => announced.push(ms));
  let endLong!: () => void;
  const long = endurance.during(9000.5, () => new Promise<void>((resolve) => (endLong = resolve)));
  expect(announced).toEqual([9001]);
  expect(await endurance.during(5000, () => 'short')).toBe('short');
  expect(announced).toEqual([9001]);
  const longer = endurance.during(70_000, () => Promise.reject(new Error('refused')));
  expect(announced).toEqual([9001, 70_000]);
  await expect(longer).rejects.toThrow('refused');
  expect(announced).toEqual([9001, 70_000, 9001]);
  endLong();
  await long;
  expect(announced).toEqual([9001, 70_000, 9001, 0]);
});

test('what takes no time is not announced', async () => {
  const announced: number[] = [];
  const endurance = new Endurance((ms) => announced.push(ms));
  await endurance.during(1500, () => undefined);
  expect(announced).toEqual([]);
});

test('the first piece may take what the slowest machine needs, the next ten times the longest', () => {
  const pieces = new PieceTimes<'training' | 'sampling'>();
  expect(pieces.bound('training', 1e12)).toBe(msForFlops(1e12));
  // A step of the largest network, of 5e13 operations, takes a fast machine an hour, and this one may take a day.
  expect(pieces.bound('training', 5e13)).toBeGreaterThan(86_400_000);
  pieces.note('training', 300);
  pieces.note('training', 200);
  expect(pieces.bound('training', 1e12)).toBe(3000);
  expect(pieces.bound('sampling', 1e12)).toBe(msForFlops(1e12));
});
