import { existsSync } from 'node:fs';

import { expect, it } from 'vitest';

import { inRoot } from '../../web/build/paths.mjs';
import { mutants, mutated } from './mutants.mjs';

it('are at least forty, each another mistake', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(40);
  expect(new Set(mutants.map(({ what }) => what)).size).toBe(mutants.length);
});

it.each(mutants)('$what: its place is found', (mutant) => {
  expect(mutant.to).not.toBe(mutant.from);
  expect(mutated(mutant)).toContain(mutant.to);
  expect(mutant.file.endsWith('.h')).toBe(mutant.compile !== undefined);
  expect(existsSync(inRoot(mutant.compile ?? mutant.file))).toBe(true);
});

it('fail when their place is gone or stands twice', () => {
  const file = 'cpp/unroll/nn/linear.cpp';
  expect(() => mutated({ what: 'gone', file, from: 'no such text', to: '' })).toThrow('stands 0 times');
  expect(() => mutated({ what: 'twice', file, from: 'in', to: '' })).toThrow('expected once');
});
