import { expect, test } from 'vitest';
import { Comparison } from './comparison.mjs';

const manifest = { expected: {}, scalars: { a: 1, b: 1, c: 1 } };

/** One wrong number among right ones, wherever it stands. */
test.each([NaN, Infinity, -Infinity, 1.5])('a comparison keeps a result of %d as the worst', (wrong) => {
  const names = ['scalars.a', 'scalars.b', 'scalars.c'];
  for (const bad of names) {
    const comparison = new Comparison({ manifest }, 1e-3);
    for (const name of names) comparison.scalar(name, name === bad ? wrong : 1, 1);
    comparison.finish();
    expect(comparison.worst.name).toBe(bad);
    expect(comparison.worst.error).toBeGreaterThan(1e-3);
  }
});
